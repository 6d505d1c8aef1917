import { getRouteApi, Link } from '@tanstack/react-router';
import styles from '../platform/sheet.module.css';
import { Figures } from './Figures.tsx';
import { MessagePanel } from './MessagePanel.tsx';
import { useSending } from './messages.ts';
import { MessageRows, TodayRows, UnansweredRows } from './Rows.tsx';
import { TABS } from './search-params.ts';
import { Templates } from './Templates.tsx';
import { words } from './words.ts';

const route = getRouteApi('/customers');

/** Who must hear what, who has not answered, and in what words. */
export function CustomersPage() {
  const { tab = 'today', open, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const sending = useSending();
  const change = (next: Record<string, string | undefined>) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: true, resetScroll: false });
  const hindrance =
    sending.data === undefined
      ? null
      : sending.data.shadow
        ? words.shadow
        : sending.data.paused
          ? words.paused
          : sending.data.sender === null
            ? words.noSender
            : null;
  return (
    <div className={styles.page}>
      <header className={styles.summary}>
        <h1 className={styles.title}>{words.title}</h1>
        {hindrance === null ? null : <p className={styles.soft}>{hindrance}</p>}
      </header>
      <nav className={styles.tabs} aria-label={words.tabsLabel}>
        {TABS.map((one) => (
          <Link
            key={one}
            to="/customers"
            search={{ tab: one === 'today' ? undefined : one }}
            activeOptions={{ exact: false, includeSearch: true, explicitUndefined: true }}
          >
            {words.tabs[one]}
          </Link>
        ))}
      </nav>
      {tab === 'templates' ? <Templates /> : null}
      {tab === 'figures' ? <Figures /> : null}
      {tab === 'templates' || tab === 'figures' ? null : (
        <div className={styles.split} data-open={open || undefined}>
          {tab === 'today' ? (
            <TodayRows open={open} onOpen={(id) => change({ open: id })} canSend={hindrance === null} />
          ) : tab === 'unanswered' ? (
            <UnansweredRows />
          ) : (
            <MessageRows
              filters={filters}
              open={open}
              onFilter={change}
              onOpen={(id) => change({ open: id })}
            />
          )}
          {open === undefined ? null : (
            <MessagePanel key={open} id={open} onClose={() => change({ open: undefined })} />
          )}
        </div>
      )}
    </div>
  );
}
