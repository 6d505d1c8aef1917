export { moveMoney } from './follow.ts';
export { noteMoneyDue } from './money-due-store.ts';
export { authorisationOf, orderCharge, statedCharge } from './order-charge.ts';
export { registerWayBack } from './refund.ts';
export { registerProvider, renewAuthorisations } from './renew.ts';
export { paymentRoutes } from './routes.ts';
export { stripeProvider } from './stripe.ts';
