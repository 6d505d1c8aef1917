/** Plain enough to stand in any shop; everything may be styled from outside by its part. Colour never stands alone. */
export const STYLE = `
:host { display: block; font: inherit; color: inherit; }
:host([hidden]), [hidden] { display: none !important; }
[part='root'] { display: grid; gap: .6rem; border-inline-start: 3px solid var(--kept-state, #6b7265); padding-inline-start: .85rem; }
[data-state='in_stock'] { --kept-state: #2f6b46; }
[data-state='backorder'] { --kept-state: #8a5a00; }
[data-state='preorder'], [data-state='demand_validation'] { --kept-state: #35508f; }
[data-state='made_to_order'], [data-state='drop'] { --kept-state: #6b4a86; }
[data-state='out_of_stock'], [data-state='discontinued'] { --kept-state: #6b7265; }
p, ul { margin: 0; }
/* Empty it takes no room; not hidden, or what it says later would not be read out. */
[part='message']:empty { margin-top: -.6rem; }
[part='status'] { display: grid; gap: .2rem; align-content: start; }
[part='headline'] { font-weight: 650; }
[part='charge'] { font-size: .92em; font-variant-numeric: tabular-nums; }
fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: .25rem; min-width: 0; }
[part='way'] { display: flex; gap: .5rem; align-items: baseline; min-height: 1.6rem; }
[part='button'] { justify-self: start; font: inherit; font-weight: 600; color: #fff; background: #26332b; border: 0; border-radius: .45rem; padding: .7rem 1.15rem; min-height: 2.75rem; cursor: pointer; text-align: start; }
[part='button']:hover { filter: brightness(1.12); }
:focus-visible { outline: 2px solid #1d5fd1; outline-offset: 2px; }
[part='form'] { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; }
[part='label'] { display: grid; gap: .2rem; flex: 1 1 14rem; min-width: 0; }
[part='input'] { font: inherit; padding: .6rem .7rem; border: 1px solid #7d8578; border-radius: .45rem; min-height: 2.75rem; width: 100%; box-sizing: border-box; }
[part='alternatives'] ul { padding-inline-start: 1.1rem; }
[part='alternatives'] a { color: inherit; }
@media (prefers-reduced-motion: no-preference) { [part='button'] { transition: filter .15s; } }
`;
