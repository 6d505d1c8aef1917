/**
 * The least of a function of a few bounded numbers, without derivatives: J. A. Nelder and R. Mead, "A Simplex Method for Function
 * Minimization" (1965), in a box. Answers the best point found; the same start always gives the same answer.
 */
export function minimise(
  cost: (point: Float64Array) => number,
  start: readonly number[],
  low: readonly number[],
  high: readonly number[],
  { steps = 200, tolerance = 1e-6 }: { readonly steps?: number; readonly tolerance?: number } = {},
): Float64Array {
  const size = start.length;
  const points: Float64Array[] = [];
  const costs = new Float64Array(size + 1);
  for (let corner = 0; corner <= size; corner++) {
    const point = Float64Array.from(start);
    if (corner > 0) {
      const side = corner - 1;
      const reach = 0.15 * (high[side]! - low[side]!);
      point[side]! += point[side]! + reach <= high[side]! ? reach : -reach;
    }
    points.push(point);
    costs[corner] = cost(point);
  }
  const centre = new Float64Array(size);
  const tried = new Float64Array(size);
  const further = new Float64Array(size);
  const place = (target: Float64Array, from: Float64Array, times: number) => {
    for (let side = 0; side < size; side++) {
      const value = centre[side]! + times * (from[side]! - centre[side]!);
      target[side] = Math.min(Math.max(value, low[side]!), high[side]!);
    }
    return cost(target);
  };
  for (let step = 0; step < steps; step++) {
    let best = 0;
    let worst = 0;
    for (let corner = 1; corner <= size; corner++) {
      if (costs[corner]! < costs[best]!) best = corner;
      if (costs[corner]! >= costs[worst]!) worst = corner;
    }
    if (costs[worst]! - costs[best]! <= tolerance * Math.abs(costs[best]!)) break;
    let second = -Infinity;
    centre.fill(0);
    for (let corner = 0; corner <= size; corner++) {
      if (corner === worst) continue;
      if (costs[corner]! > second) second = costs[corner]!;
      for (let side = 0; side < size; side++) centre[side]! += points[corner]![side]! / size;
    }
    const worstPoint = points[worst]!;
    const reflected = place(tried, worstPoint, -1);
    if (reflected < costs[best]!) {
      const expanded = place(further, worstPoint, -2);
      worstPoint.set(expanded < reflected ? further : tried);
      costs[worst] = Math.min(expanded, reflected);
    } else if (reflected < second) {
      worstPoint.set(tried);
      costs[worst] = reflected;
    } else {
      const outside = reflected < costs[worst]!;
      const contracted = place(further, worstPoint, outside ? -0.5 : 0.5);
      if (contracted < Math.min(reflected, costs[worst]!)) {
        worstPoint.set(further);
        costs[worst] = contracted;
      } else {
        const bestPoint = points[best]!;
        for (let corner = 0; corner <= size; corner++) {
          if (corner === best) continue;
          const point = points[corner]!;
          for (let side = 0; side < size; side++) point[side] = (point[side]! + bestPoint[side]!) / 2;
          costs[corner] = cost(point);
        }
      }
    }
  }
  let best = 0;
  for (let corner = 1; corner <= size; corner++) if (costs[corner]! < costs[best]!) best = corner;
  return points[best]!;
}
