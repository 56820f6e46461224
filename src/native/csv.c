#include "csv.h"

#include <string.h>

#include "cells.h"

int64_t csv_characters(const char *data, size_t length) {
  const unsigned char *at = (const unsigned char *)data, *end = at + length;
  int64_t count = 0;
  while (at < end) {
    uint64_t eight;
    if (end - at >= 8 && (memcpy(&eight, at, 8), !((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u))) {
      at += 8; /* no byte is above 0x7F or NUL */
      count += 8;
      continue;
    }
    unsigned char first = *at++;
    int more = first < 0x80 ? 0 : first < 0xC2 ? -1 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : first < 0xF5 ? 3 : -1;
    if (!first || more < 0 || end - at < more) return -1;
    unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80; /* no longer than need be */
    unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;  /* no surrogate, nothing above U+10FFFF */
    for (; more; more--, least = 0x80, most = 0xBF, at++)
      if (*at < least || *at > most) return -1;
    count++;
  }
  return count;
}

/* Whether the cells are those of the header, as far as can be told without undoubling quotation marks. */
static bool is_header(const char *data, const uint32_t *starts, uint32_t width, const char *header, size_t length) {
  const char *end = header + length;
  for (uint32_t cell = 0; cell < width; cell++) {
    const char *at = data + starts[cell], *behind = data + starts[cell + 1] - 1;
    const char *name_end = header < end ? memchr(header, '\0', (size_t)(end - header)) : NULL;
    if (!name_end) return false;
    if (*at == '"' && behind > at) at++, behind--;
    bool doubled = behind > at && memchr(at, '"', (size_t)(behind - at));
    if (!doubled && (behind - at != name_end - header || memcmp(at, header, (size_t)(behind - at)))) return false;
    header = name_end + 1;
  }
  return true;
}

/* Where the row that begins at `at` ends, before its line end; 0 where it is not regular. Its line feeds are counted. */
static size_t scan_row(const char *data, size_t at, size_t end, uint32_t width, char delimiter, uint32_t *starts,
                       size_t *feeds, bool *as_is) {
  uint32_t cells = 0;
  *as_is = true;
  for (;;) {
    starts[cells++] = (uint32_t)at;
    bool marked = false; /* whether the cell holds what needs quotation marks */
    if (at < end && data[at] == '"') {
      for (at++;; at += 2, marked = true) {
        for (; at < end && data[at] != '"'; at++) {
          *feeds += data[at] == '\n';
          marked |= data[at] == delimiter || data[at] == '\n' || data[at] == '\r';
        }
        if (at + 1 >= end) return 0;
        if (data[at + 1] != '"') break;
      }
      at++;
      *as_is &= marked;
    } else {
      for (; at < end && data[at] != delimiter && data[at] != '\n' && data[at] != '\r'; at++) marked |= data[at] == '"';
      *as_is &= !marked;
    }
    if (at >= end) return 0;
    if (data[at] == delimiter && cells < width) {
      at++;
      continue;
    }
    bool ends = data[at] == '\n' || (data[at] == '\r' && at + 1 < end && data[at + 1] == '\n');
    if (!ends || cells != width) return 0;
    starts[cells] = (uint32_t)at + 1;
    return at;
  }
}

void csv_scan(Scan *scan, const char *data, const char *header, size_t header_length, uint32_t *starts,
              uint32_t *lines, bool *as_is) {
  scan->rows = 0;
  while (scan->at < scan->length && scan->rows < scan->room) {
    size_t at = scan->at, left = scan->length - at, feeds = 0, end = at + (left < LONGEST_ROW ? left : LONGEST_ROW);
    size_t blank = data[at] == '\n' ? 1 : left > 1 && data[at] == '\r' && data[at + 1] == '\n' ? 2 : 0;
    if (!blank) {
      uint32_t *row = starts + scan->rows * (scan->width + 1);
      at = scan_row(data, at, end, scan->width, scan->delimiter, row, &feeds, as_is + scan->rows);
      if (!at || feeds >= MOST_LINES || (feeds && scan->one_line)) return;
      if (is_header(data, row, scan->width, header, header_length)) return;
      lines[scan->rows++] = (uint32_t)scan->line;
      blank = data[at] == '\r' ? 2 : 1;
    }
    scan->at = at + blank;
    scan->line += feeds + 1;
  }
}

static const uint32_t *row_of(const Rows *rows, size_t at) {
  return rows->starts + (size_t)rows->numbers[at] * (rows->width + 1);
}

/* The cell from `at` on without its quotation marks; how many bytes. */
static size_t unquote(const char *at, size_t length, char *out) {
  if (length < 2 || *at != '"') {
    memcpy(out, at, length);
    return length;
  }
  char *to = out;
  for (const char *end = at++ + length - 1; at < end;) {
    const char *mark = memchr(at, '"', (size_t)(end - at));
    size_t part = (size_t)((mark ? mark + 1 : end) - at);
    memcpy(to, at, part);
    to += part;
    at += part + (mark != NULL);
  }
  return (size_t)(to - out);
}

size_t csv_size(const Rows *rows) {
  size_t size = 0;
  for (size_t at = 0; at < rows->count; at++) size += row_of(rows, at)[rows->width] - row_of(rows, at)[0];
  return size;
}

size_t csv_column(const Rows *rows, uint32_t column, char *out, int64_t *offset, int64_t base) {
  char *to = out;
  for (size_t at = 0; at < rows->count; at++) {
    const uint32_t *cell = row_of(rows, at) + column;
    if (offset) offset[at] = base + (to - out);
    to += unquote(rows->data + cell[0], cell[1] - 1 - cell[0], to);
    if (!offset) *to++ = '\0';
  }
  if (offset) offset[rows->count] = base + (to - out);
  return (size_t)(to - out);
}

size_t csv_blank(const Rows *rows, uint32_t column, size_t first) {
  for (size_t at = first; at < rows->count; at++) {
    const uint32_t *cell = row_of(rows, at) + column;
    const char *sign = rows->data + cell[0], *end = rows->data + cell[1] - 1;
    if (sign < end && *sign == '"') sign++, end--;
    while (sign < end && cells_blank(sign)) sign += cells_blank(sign);
    if (sign == end) return at;
  }
  return rows->count;
}

size_t csv_write(const Rows *rows, const char *tails, size_t tails_length, size_t *tail, char delimiter, char *out,
                 size_t room) {
  char *to = out, cell[LONGEST_ROW];
  for (size_t at = 0; at < rows->count; at++) {
    const uint32_t *row = row_of(rows, at);
    const char *own = tails + *tail, *end = *tail < tails_length ? memchr(own, '\0', tails_length - *tail) : NULL;
    if (!end) return 0;
    size_t size = (size_t)(end - own), whole = row[rows->width] - row[0];
    if ((size_t)(out + room - to) < 2 * whole + 3 * (size_t)rows->width + size + 2) return 0;
    if (rows->as_is[rows->numbers[at]] && rows->delimiter == delimiter) {
      memcpy(to, rows->data + row[0], whole - 1);
      to += whole - 1;
      *to++ = delimiter;
    } else {
      for (uint32_t number = 0; number < rows->width; number++) {
        size_t length = unquote(rows->data + row[number], row[number + 1] - 1 - row[number], cell);
        to += cells_text(to, cell, length, delimiter);
        *to++ = delimiter;
      }
    }
    memcpy(to, own, size);
    to += size;
    *to++ = '\n';
    *tail += size + 1;
  }
  return (size_t)(to - out);
}
