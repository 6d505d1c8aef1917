import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readCustomersSearch } from './customers/search-params.ts';
import { readItemsSearch } from './item/search-params.ts';
import { PageBroken, PageMissing } from './platform/PageTrouble.tsx';
import { Shell } from './platform/Shell.tsx';
import { readPurchaseOrdersSearch } from './purchase-orders/search-params.ts';
import { QueuePage } from './queue/QueuePage.tsx';
import { readQueueSearch } from './queue/search-params.ts';
import { readSettingsSearch } from './settings/search-params.ts';
import { readTodaySearch } from './today/search-params.ts';

const root = createRootRoute({ component: Shell, notFoundComponent: PageMissing });

const queue = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readQueueSearch,
  component: QueuePage,
});

const book = createRoute({
  getParentRoute: () => root,
  path: '/book',
  component: lazyRouteComponent(() => import('./book/BookPage.tsx'), 'BookPage'),
});

const bookLines = createRoute({
  getParentRoute: () => root,
  path: '/book/lines',
  component: lazyRouteComponent(() => import('./book/BookRowsPage.tsx'), 'BookLinesPage'),
});

const bookMoves = createRoute({
  getParentRoute: () => root,
  path: '/book/moves',
  component: lazyRouteComponent(() => import('./book/BookRowsPage.tsx'), 'BookMovesPage'),
});

const today = createRoute({
  getParentRoute: () => root,
  path: '/today',
  validateSearch: readTodaySearch,
  component: lazyRouteComponent(() => import('./today/TodayPage.tsx'), 'TodayPage'),
});

const purchaseOrders = createRoute({
  getParentRoute: () => root,
  path: '/purchase-orders',
  validateSearch: readPurchaseOrdersSearch,
  component: lazyRouteComponent(
    () => import('./purchase-orders/PurchaseOrdersPage.tsx'),
    'PurchaseOrdersPage',
  ),
});

const item = createRoute({
  getParentRoute: () => root,
  path: '/items/$sku',
  component: lazyRouteComponent(() => import('./item/ItemPage.tsx'), 'ItemPage'),
});

const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: readCustomersSearch,
  component: lazyRouteComponent(() => import('./customers/CustomersPage.tsx'), 'CustomersPage'),
});

const order = createRoute({
  getParentRoute: () => root,
  path: '/orders/$order',
  component: lazyRouteComponent(() => import('./customers/OrderPage.tsx'), 'OrderPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: '/import',
  component: lazyRouteComponent(() => import('./import/ImportPage.tsx'), 'ImportPage'),
});

const items = createRoute({
  getParentRoute: () => root,
  path: '/items',
  validateSearch: readItemsSearch,
  component: lazyRouteComponent(() => import('./item/ItemsPage.tsx'), 'ItemsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    queue,
    today,
    book,
    bookLines,
    bookMoves,
    purchaseOrders,
    items,
    item,
    customers,
    order,
    settings,
    imports,
  ]),
  defaultErrorComponent: PageBroken,
  // Plain words in the address bar: a SKU such as 0012 or 1e5 must not be read as a number.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    return text ? `?${text}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
