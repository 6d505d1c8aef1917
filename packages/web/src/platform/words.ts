/** The words of the frame around every page. */
export const words = {
  name: 'Kept',
  skip: 'Skip to the page',
  nav: 'Pages',
  today: 'Today',
  backorders: 'Backorders',
  book: 'The book',
  purchaseOrders: 'Purchase orders',
  theme: {
    auto: 'Theme: as the system. Switch to light',
    light: 'Theme: light. Switch to dark',
    dark: 'Theme: dark. Switch to the system’s',
  },
  signIn: {
    title: 'Sign in to Kept',
    byName: 'Sign in',
    how: 'Sign in by name, or open the link that',
    command: 'npm start',
    where: 'printed in its terminal.',
    why: 'The link signs this browser in, and then brings you back here.',
    again: 'I have opened it',
  },
  notFound: { title: 'There is no such page', back: 'Back to the queue' },
  broken: { title: 'This page could not be shown', again: 'Try again' },
};
