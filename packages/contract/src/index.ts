export * from './catalog.ts';
export * from './common.ts';
export * from './demand.ts';
export * from './imports.ts';
export * from './messages.ts';
export * from './promising.ts';
export * from './supply.ts';
