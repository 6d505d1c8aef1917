/* The limit beside `planAll`: the same stable sorts and the same waterfall, line for line, in C.
 *
 *   plan INPUT RUNS [OUTPUT]
 *
 * INPUT is int32 words: items, supplies, lines, places, channels; sees[channels × places]; then the columns supply item,
 * day, free, place and line item, rank, need, channel. Prints the milliseconds of the fastest of RUNS, the units that wait
 * and the number of entries; OUTPUT gets the columns line, at, supply, quantity, shipBy. */
#define _POSIX_C_SOURCE 200809L
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NO_DAY 0x3fffffff
#define FEW 256

typedef struct { int32_t key, row; } Pair;
typedef struct { int32_t *order, *start; } Sorted;

static int32_t items, places, *sees;

static void *take(size_t words) {
  void *memory = calloc(words ? words : 1, 4);
  if (!memory) exit(3);
  return memory;
}

static void insert_by_key(Pair *pairs, int32_t from, int32_t to) {
  for (int32_t i = from + 1; i < to; i++) {
    Pair pair = pairs[i];
    int32_t at = i;
    for (; at > from && pairs[at - 1].key > pair.key; at--) pairs[at] = pairs[at - 1];
    pairs[at] = pair;
  }
}

static void count_by_key(Pair *pairs, int32_t count) {
  int32_t lowest = pairs[0].key, highest = lowest;
  for (int32_t i = 1; i < count; i++) {
    if (pairs[i].key < lowest) lowest = pairs[i].key;
    if (pairs[i].key > highest) highest = pairs[i].key;
  }
  uint32_t range = (uint32_t)highest - (uint32_t)lowest;
  Pair *now = pairs, *other = take(2 * (size_t)count), *spare = other;
  for (int shift = 0; shift < 32 && range >> shift; shift += 11) {
    int32_t counts[2049] = {0};
    for (int32_t i = 0; i < count; i++) counts[((((uint32_t)now[i].key - lowest) >> shift) & 2047) + 1]++;
    for (int digit = 0; digit < 2048; digit++) counts[digit + 1] += counts[digit];
    for (int32_t i = 0; i < count; i++) other[counts[(((uint32_t)now[i].key - lowest) >> shift) & 2047]++] = now[i];
    Pair *swap = now; now = other; other = swap;
  }
  if (now != pairs) memcpy(pairs, now, sizeof(Pair) * count);
  free(spare);
}

static Sorted sort_by_item(const int32_t *item, const int32_t *key, int32_t count) {
  int32_t *start = take(items + 1);
  for (int32_t i = 0; i < count; i++) start[item[i] + 1]++;
  for (int32_t i = 0; i < items; i++) start[i + 1] += start[i];
  int32_t *next = take(items);
  memcpy(next, start, 4 * (size_t)items);
  Pair *pairs = take(2 * (size_t)count);
  for (int32_t i = 0; i < count; i++) pairs[next[item[i]]++] = (Pair){key[i], i};
  for (int32_t i = 0; i < items; i++) {
    if (start[i + 1] - start[i] <= FEW) insert_by_key(pairs, start[i], start[i + 1]);
    else count_by_key(pairs + start[i], start[i + 1] - start[i]);
  }
  int32_t *order = take(count);
  for (int32_t i = 0; i < count; i++) order[i] = pairs[i].row;
  free(next);
  free(pairs);
  return (Sorted){order, start};
}

static int32_t *gather(const int32_t *column, const int32_t *order, int32_t count) {
  int32_t *gathered = take(count);
  for (int32_t i = 0; i < count; i++) gathered[i] = column[order[i]];
  return gathered;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 2;
  int32_t head[5];
  if (fread(head, 4, 5, file) != 5) return 2;
  items = head[0];
  int32_t supplies = head[1], lines = head[2], channels = head[4];
  places = head[3];
  int32_t *columns[9];
  for (int c = 0; c < 9; c++) {
    int32_t count = c == 0 ? places * channels : c <= 4 ? supplies : lines;
    columns[c] = take(count);
    if (fread(columns[c], 4, count, file) != (size_t)count) return 2;
  }
  fclose(file);
  sees = columns[0];

  double best = 1e300;
  for (int run = 0; run < atoi(argv[2]); run++) {
    double started = now();
    Sorted supply = sort_by_item(columns[1], columns[2], supplies);
    Sorted line = sort_by_item(columns[5], columns[6], lines);
    int32_t *day = gather(columns[2], supply.order, supplies);
    int32_t *left = gather(columns[3], supply.order, supplies);
    int32_t *place = gather(columns[4], supply.order, supplies);
    int32_t *need = gather(columns[7], line.order, lines);
    int32_t *channel = gather(columns[8], line.order, lines);
    int32_t *at = take((size_t)lines + 1), *source = take((size_t)lines + supplies);
    int32_t *quantity = take((size_t)lines + supplies), *ship_by = take(lines);
    int32_t entries = 0;
    int64_t waiting = 0;
    for (int32_t item = 0; item < items; item++) {
      int32_t first = supply.start[item], end = supply.start[item + 1];
      for (int32_t l = line.start[item]; l < line.start[item + 1]; l++) {
        const int32_t *row = sees + channel[l] * places;
        int32_t missing = need[l], last = 0;
        at[l] = entries;
        while (first < end && left[first] <= 0) first++;
        for (int32_t s = first; s < end && missing > 0; s++) {
          if (!row[place[s]]) continue;
          int32_t units = missing < left[s] ? missing : left[s];
          if (units <= 0) continue;
          left[s] -= units;
          missing -= units;
          source[entries] = supply.order[s];
          quantity[entries++] = units;
          if (day[s] > last) last = day[s];
        }
        waiting += missing;
        ship_by[l] = missing > 0 ? NO_DAY : last;
      }
    }
    at[lines] = entries;
    double elapsed = now() - started;
    if (elapsed < best) best = elapsed;
    if (run == atoi(argv[2]) - 1) {
      printf("%.3f %lld %d\n", best, (long long)waiting, entries);
      if (argc > 3) {
        FILE *out = fopen(argv[3], "wb");
        if (!out) return 2;
        fwrite(line.order, 4, lines, out);
        fwrite(at, 4, (size_t)lines + 1, out);
        fwrite(source, 4, entries, out);
        fwrite(quantity, 4, entries, out);
        fwrite(ship_by, 4, lines, out);
        fclose(out);
      }
    }
    void *all[] = {supply.order, supply.start, line.order, line.start, day, left, place, need, channel, at, source, quantity, ship_by};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
  }
  return 0;
}
