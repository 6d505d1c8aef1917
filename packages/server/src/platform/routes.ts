import type { FastifyInstance, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the app, also those of plugins, as they were declared. */
    readonly declaredRoutes: readonly RouteOptions[];
  }
}

/** Keeps what routes are added from now on. */
export function collectRoutes(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.decorate('declaredRoutes', routes);
}

/** The methods that an address takes. */
export function methodsOf(app: FastifyInstance, path: string): readonly string[] {
  const taking = app.declaredRoutes.filter(({ url }) => !url.includes('*') && patternOf(url).test(path));
  return [...new Set(taking.flatMap(({ method }) => method))].sort();
}

const patternOf = (url: string) =>
  new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}$`);
