/* The projection of bench/projection.bench.ts in C: the same rules, the same scenarios, the same selection. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int32_t items, days, weeks, arrivals, paths, seed, factors, levels, slips;
static double *freeUnits, *reserved, *waiting, *arrivalFree, *arrivalPegged, *dayFactors, *levelFactors, *slipDays;
static int32_t *reservedDay, *arrivalFrom, *arrivalDay;
static uint8_t *mayWait;
static float *daily;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void *take(FILE *f, size_t size) {
  void *p = malloc(size + 8);
  if (fread(p, 1, size, f) != size) exit(3);
  return p;
}

/* Day by day. */
static double all(void) {
  double check = 0;
  for (int i = 0; i < items; i++) {
    int at = arrivalFrom[i], end = arrivalFrom[i + 1], first = -1;
    double coming = 0, pegged = 0, units = freeUnits[i] - waiting[i], missed = 0, deepest;
    for (int n = at; n < end; n++) coming += arrivalFree[n], pegged += arrivalPegged[n];
    deepest = pegged + (units < 0 ? -units : 0);
    int arrival = at < end ? arrivalDay[at] : days;
    for (int w = 0, day = 0; w < weeks; w++) {
      double demand = daily[i * weeks + w];
      int until = day + 7 < days ? day + 7 : days;
      for (; day < until; day++) {
        while (arrival <= day) {
          units += arrivalFree[at], coming -= arrivalFree[at], pegged -= arrivalPegged[at];
          at++;
          arrival = at < end ? arrivalDay[at] : days;
        }
        double room = mayWait[i] ? units + coming : units;
        if (room >= demand) units -= demand;
        else {
          double taken = room > 0 ? room : 0;
          units -= taken, missed += demand - taken;
        }
        if (units <= 0) {
          if (first < 0) first = day;
          if (pegged - units > deepest) deepest = pegged - units;
        }
      }
    }
    check += first + deepest + missed + units;
  }
  return check;
}

/* The same with the engine's shortcuts: days on which all is there, and those on which nobody gets any. */
static double shortly(void) {
  double check = 0;
  for (int i = 0; i < items; i++) {
    int at = arrivalFrom[i], end = arrivalFrom[i + 1], first = -1;
    double coming = 0, pegged = 0, units = freeUnits[i] - waiting[i], missed = 0, deepest;
    for (int n = at; n < end; n++) coming += arrivalFree[n], pegged += arrivalPegged[n];
    deepest = pegged + (units < 0 ? -units : 0);
    int arrival = at < end ? arrivalDay[at] : days;
    for (int w = 0, day = 0; w < weeks; w++) {
      double demand = daily[i * weeks + w];
      int until = day + 7 < days ? day + 7 : days;
      while (day < until) {
        while (arrival <= day) {
          units += arrivalFree[at], coming -= arrivalFree[at], pegged -= arrivalPegged[at];
          at++;
          arrival = at < end ? arrivalDay[at] : days;
        }
        int next = until < arrival ? until : arrival;
        for (; day < next && units > demand; day++) units -= demand;
        for (; day < next; day++) {
          double room = mayWait[i] ? units + coming : units;
          if (room <= 0) break;
          if (room >= demand) units -= demand;
          else units -= room, missed += demand - room;
          if (units <= 0) {
            if (first < 0) first = day;
            if (pegged - units > deepest) deepest = pegged - units;
          }
        }
        if (day == next) continue;
        if (first < 0) first = day;
        if (pegged - units > deepest) deepest = pegged - units;
        for (; day < next; day++) missed += demand;
      }
    }
    check += first + deepest + missed + units;
  }
  return check;
}

static uint32_t step(uint32_t s) {
  s ^= s << 13;
  s ^= s >> 17;
  return s ^ s << 5;
}

static int32_t *turns;
static uint32_t shuffle(uint32_t s) {
  for (int i = 0; i < paths; i++) turns[i] = i;
  for (int last = paths - 1; last > 0; last--) {
    s = step(s);
    int other = (int)(s * ((last + 1) / 4294967296.0)), held = turns[last];
    turns[last] = turns[other], turns[other] = held;
  }
  return s;
}

static void pick(float *v, int left, int right, int place) {
  while (left < right) {
    float pivot = v[(left + right) >> 1];
    int low = left, high = right;
    while (low <= high) {
      while (v[low] < pivot) low++;
      while (v[high] > pivot) high--;
      if (low <= high) {
        float held = v[low];
        v[low++] = v[high], v[high--] = held;
      }
    }
    if (place <= high) right = high;
    else if (place >= low) left = low;
    else return;
  }
}

static double tenths(float *v) {
  double check = 0;
  int middle = paths / 2, low = paths / 10, high = 9 * paths / 10;
  for (int d = 0; d < days; d++) {
    float *row = v + d * paths;
    int same = 1;
    while (same < paths && row[same] == row[0]) same++;
    if (same == paths) {
      check += 3.0 * row[0];
      continue;
    }
    pick(row, 0, paths - 1, middle);
    pick(row, 0, middle, low);
    pick(row, middle, paths - 1, high);
    check += (double)row[middle] + row[low] + row[high];
  }
  return check;
}

/* The same with the engine's buckets. */
enum { BUCKETS = 64 };
static double tenthsByBuckets(float *v) {
  double check = 0;
  int places[3] = {paths / 10, paths / 2, 9 * paths / 10}, ends[BUCKETS];
  static uint8_t *of;
  static float *sorted;
  if (!of) of = malloc(paths), sorted = malloc(4 * paths);
  for (int d = 0; d < days; d++) {
    float *row = v + d * paths, least = row[0], most = row[0];
    for (int p = 1; p < paths; p++) {
      if (row[p] < least) least = row[p];
      if (row[p] > most) most = row[p];
    }
    if (least == most) {
      check += 3.0 * least;
      continue;
    }
    double scale = (BUCKETS - 1) / ((double)most - least);
    memset(ends, 0, sizeof ends);
    for (int p = 0; p < paths; p++) ends[of[p] = (int)(((double)row[p] - least) * scale)]++;
    for (int b = 0, sum = 0; b < BUCKETS; b++) {
      int count = ends[b];
      ends[b] = sum, sum += count;
    }
    for (int p = 0; p < paths; p++) sorted[ends[of[p]]++] = row[p];
    for (int n = 0, b = 0; n < 3; n++) {
      while (ends[b] <= places[n]) b++;
      pick(sorted, b ? ends[b - 1] : 0, ends[b] - 1, places[n]);
      check += sorted[places[n]];
    }
  }
  return check;
}

static double fans(int count, double (*tenthsOf)(float *)) {
  double check = 0;
  float *stock = malloc(4 * days * paths), *queue = malloc(4 * days * paths), *lost = malloc(4 * days * paths);
  double *come = malloc(8 * 64 * paths);
  turns = malloc(4 * paths);
  for (int i = 0; i < count; i++) {
    int from = arrivalFrom[i], n = arrivalFrom[i + 1] - from, order[64];
    uint32_t s = (uint32_t)(seed + i + 1) * 0x9e3779b1u | 1;
    for (int a = 0; a < n; a++) {
      s = shuffle(s);
      for (int p = 0; p < paths; p++)
        come[p * n + a] = arrivalDay[from + a] + (int)(slipDays[(int)((turns[p] + 0.5) * slips / paths)] + 0.5);
    }
    s = shuffle(s);
    for (int p = 0; p < paths; p++) {
      double level = levelFactors[(int)((turns[p] + 0.5) * levels / paths)];
      double *own = come + p * n, coming = 0, pegged = 0, units = freeUnits[i] - waiting[i], scale = factors / 4294967296.0;
      for (int a = 0; a < n; a++) {
        coming += arrivalFree[from + a], pegged += arrivalPegged[from + a];
        int place = a;
        for (; place > 0 && own[order[place - 1]] > own[a]; place--) order[place] = order[place - 1];
        order[place] = a;
      }
      int at = 0, cell = p;
      double arrival = n ? own[order[0]] : days;
      for (int w = 0, day = 0; w < weeks; w++) {
        double expected = daily[i * weeks + w] * level;
        int until = day + 7 < days ? day + 7 : days;
        for (; day < until; day++, cell += paths) {
          while (arrival <= day) {
            int one = from + order[at];
            units += arrivalFree[one], coming -= arrivalFree[one], pegged -= arrivalPegged[one];
            at++;
            arrival = at < n ? own[order[at]] : days;
          }
          s = step(s);
          double demand = expected * dayFactors[(int)(s * scale)], missed = 0, room = mayWait[i] ? units + coming : units;
          if (room >= demand) units -= demand;
          else {
            double taken = room > 0 ? room : 0;
            units -= taken, missed = demand - taken;
          }
          stock[cell] = (units > 0 ? units : 0) + (day < reservedDay[i] ? reserved[i] : 0);
          queue[cell] = units < 0 ? pegged - units : pegged;
          lost[cell] = missed;
        }
      }
    }
    check += tenthsOf(stock) + tenthsOf(queue) + tenthsOf(lost);
  }
  return check;
}

/* projection INPUT COUNT: milliseconds and a checksum of the projection of all, then of COUNT fans, then milliseconds of both
   with the engine's shortcuts */
int main(int argc, char **argv) {
  FILE *f = fopen(argv[1], "rb");
  int32_t head[9];
  if (!f || fread(head, 4, 9, f) != 9) return 2;
  items = head[0], days = head[1], weeks = head[2], arrivals = head[3], paths = head[4], seed = head[5];
  factors = head[6], levels = head[7], slips = head[8];
  freeUnits = take(f, 8l * items), reserved = take(f, 8l * items), reservedDay = take(f, 4l * items);
  waiting = take(f, 8l * items), mayWait = take(f, items), daily = take(f, 4l * items * weeks);
  arrivalFrom = take(f, 4l * (items + 1)), arrivalDay = take(f, 4l * arrivals);
  arrivalFree = take(f, 8l * arrivals), arrivalPegged = take(f, 8l * arrivals);
  dayFactors = take(f, 8l * factors), levelFactors = take(f, 8l * levels), slipDays = take(f, 8l * slips);
  double best = 1e9, shortest = 1e9, check = 0;
  for (int turn = 0; turn < 5; turn++) {
    double start = now();
    check = all();
    double spent = now() - start;
    if (spent < best) best = spent;
    start = now();
    if (shortly() != check) return 4;
    spent = now() - start;
    if (spent < shortest) shortest = spent;
  }
  double start = now(), fan = fans(atoi(argv[2]), tenths), spent = now() - start;
  start = now();
  double again = fans(atoi(argv[2]), tenthsByBuckets);
  if (again < fan - 1e-6 * fan || again > fan + 1e-6 * fan) return 5;
  printf("%.3f %.6f %.3f %.6f %.3f %.3f\n", best, check, spent, fan, shortest, now() - start);
  return 0;
}
