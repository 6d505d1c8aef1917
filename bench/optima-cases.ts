/**
 * Published optima, as facts: L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory (2nd ed.), as computed by its
 * companion library stockpyl; (s, S) from Zheng and Federgruen, Operations Research 39 (1991).
 * K is the cost of an order, h of a unit held, p of a unit short, each per time.
 */
export type Instance = Readonly<
  Record<
    string,
    number | string | readonly number[] | readonly (readonly number[])[] | readonly Record<string, unknown>[]
  >
>;

const PRICES = [
  [0, 0.75],
  [400, 0.72],
  [800, 0.68],
] as const;

export const OPTIMA: Readonly<Record<string, Instance | readonly Instance[]>> = {
  economic_order_quantity: [{ K: 8, h: 0.225, demand: 1300, Q: 304.0467800264368, cost: 68.41052550594827 }],
  planned_backorders: [
    {
      K: 8,
      h: 0.225,
      p: 5,
      demand: 1300,
      Q: 310.81255515896464,
      x: 0.0430622009569378,
      cost: 66.92136355097325,
    },
  ],
  price_breaks: [
    { K: 8, demand: 1300, rate: 0.3, prices: PRICES, discount: 'all_units', Q: 800, cost: 978.6 },
    {
      K: 8,
      demand: 1300,
      rate: 0.3,
      prices: PRICES,
      discount: 'incremental',
      Q: 304.0467800264368,
      cost: 1043.4105255059483,
    },
  ],
  newsvendor_normal: [{ h: 0.18, p: 0.7, mean: 50, sd: 8, S: 56.60395592743389, cost: 1.9976051931766445 }],
  newsvendor_poisson: [
    { h: 1, p: 4, mean: 6, S: 8, cost: 3.570106945770946 },
    { h: 200, p: 270, mean: 18, S: 19, cost: 786.0884409351115 },
  ],
  reorder_point_quantity: [
    { K: 100, h: 20, p: 150, mean: 1.5, lead_time: 2, r: 3, Q: 5, cost: 107.92358063314975 },
    {
      K: 8,
      h: 0.225,
      p: 7.5,
      mean: 1300,
      sd: 150,
      lead_time: 1 / 12,
      given: 'r,Q',
      r: 126.8,
      Q: 328.5,
      cost: 78.07116250928294,
    },
  ],
  lot_schedule: [
    { K: 120, h: 0.8, demand: [150, 100, 80, 200], orders: [150, 180, 0, 200], cost: 424 },
    { K: 500, h: 2, demand: [90, 120, 80, 70], orders: [210, 0, 150, 0], cost: 1380 },
  ],
  order_up_to: {
    K: 64,
    h: 1,
    p: 9,
    tolerance: 0.001,
    instances: [
      { mu: 10, s: 6, S: 40, cost: 35.022 },
      { mu: 52, s: 44, S: 112, cost: 72.246 },
      { mu: 63, s: 54, S: 73, cost: 78.287 },
    ],
  },
};
