import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef } from 'react';
import styles from '../platform/sheet.module.css';
import { useInSight } from '../platform/useInSight.ts';
import { AccountPart } from './AccountPart.tsx';
import { BrandPart } from './BrandPart.tsx';
import { ConnectionsPart } from './ConnectionsPart.tsx';
import { KeysPart } from './KeysPart.tsx';
import { PeoplePart } from './PeoplePart.tsx';
import { PlacesPart } from './PlacesPart.tsx';
import { PromisesPart } from './PromisesPart.tsx';
import { TABS } from './search-params.ts';
import { words } from './words.ts';

const route = getRouteApi('/settings');
const PARTS = {
  promises: PromisesPart,
  channels: PlacesPart,
  calendar: BrandPart,
  people: PeoplePart,
  account: AccountPart,
  keys: KeysPart,
  connections: ConnectionsPart,
};

/** Everything that a brand may set, in words of its trade. */
export function SettingsPage() {
  const { tab = 'promises' } = route.useSearch();
  const Part = PARTS[tab];
  const tabs = useRef<HTMLElement>(null);
  useInSight(tabs, tab);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{words.title}</h1>
      <nav ref={tabs} className={styles.tabs} aria-label={words.tabsLabel}>
        {TABS.map((one) => (
          <Link
            key={one}
            to="/settings"
            search={{ tab: one === 'promises' ? undefined : one }}
            activeOptions={{ exact: false, includeSearch: true, explicitUndefined: true }}
          >
            {words.tabs[one]}
          </Link>
        ))}
      </nav>
      <Part />
    </div>
  );
}
