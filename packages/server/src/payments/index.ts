export { authorisationOf, orderCharge } from './order-charge.ts';
export { refundWhatIsDue } from './refund.ts';
export { registerProvider, renewAuthorisations } from './renew.ts';
export { paymentRoutes } from './routes.ts';
export { stripeProvider } from './stripe.ts';
