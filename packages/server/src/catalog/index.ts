export { unknownLocation, unknownSku } from './errors.ts';
export { saveItems } from './items.ts';
export { saveListings } from './listings.ts';
export { saveChannels, saveLocations } from './places.ts';
export { savePolicy } from './policies.ts';
export { catalogRoutes } from './routes.ts';
export { lockBrand, lockBrandSettings, touchSettings } from './settings-store.ts';
export { holdSuppliers, readSuppliers } from './supplier-store.ts';
export { saveSuppliers } from './suppliers.ts';
