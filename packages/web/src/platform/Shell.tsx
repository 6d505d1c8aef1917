import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useRef } from 'react';
import { isSignedOut } from './api.ts';
import { Find } from './find/Find.tsx';
import { LanguageToggle } from './LanguageToggle.tsx';
import { useLive } from './live.ts';
import styles from './Shell.module.css';
import { SignIn } from './SignIn.tsx';
import { useSession } from './session.ts';
import { ThemeToggle } from './ThemeToggle.tsx';
import { useInSight } from './useInSight.ts';
import { words } from './words.ts';

const pages = [
  { to: '/today', name: words.today },
  { to: '/', name: words.backorders },
  { to: '/items', name: words.items },
  { to: '/purchase-orders', name: words.purchaseOrders },
  { to: '/customers', name: words.customers },
  { to: '/book', name: words.book },
  { to: '/settings', name: words.settings },
] as const;

/** The frame of every page: the name, whose brand it is, the pages there are, light or dark. */
export function Shell() {
  const session = useSession();
  const signedOut = isSignedOut(session.error);
  const brand = session.data?.brand.name;
  useLive(session.isSuccess && !signedOut);
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // There once the brand is.
  useInSight(nav, `${pathname} ${brand}`);
  return (
    <>
      <a className={styles.skip} href="#page">
        {words.skip}
      </a>
      <header className={styles.bar}>
        <Link to="/" className={styles.wordmark}>
          {words.name}
        </Link>
        {brand && !signedOut ? <span className={styles.brand}>{brand}</span> : null}
        {signedOut ? null : (
          <nav ref={nav} className={styles.nav} aria-label={words.nav}>
            {pages.map(({ to, name }) => (
              <Link
                key={to}
                to={to}
                className={styles.link}
                activeOptions={{ exact: true, includeSearch: false }}
                activeProps={{ 'aria-current': 'page' }}
              >
                {name}
              </Link>
            ))}
          </nav>
        )}
        <div className={styles.tools}>
          {signedOut ? null : <Find />}
          <LanguageToggle />
          <ThemeToggle />
        </div>
      </header>
      <main id="page" className={styles.page}>
        {signedOut ? <SignIn again={() => void session.refetch()} /> : <Outlet />}
      </main>
    </>
  );
}
