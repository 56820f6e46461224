/* Regular rows of a CSV file, as tables/records.py reads them and tables/formats.py writes them. A row is regular where
   it has as many cells as the table, RFC 4180 quotation marks, an end of LF or CRLF, and a size that no limit touches.
   All else is left to Python. */
#ifndef NETRAL_CSV_H
#define NETRAL_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netral.h"

enum { LONGEST_ROW = 1 << 16, MOST_LINES = 500 }; /* bytes, and lines, of a row that is regular */

/* How many characters valid UTF-8 without NUL holds; -1 for anything else. */
NETRAL_API int64_t csv_characters(const char *data, size_t length);

typedef struct {
  size_t length, at;     /* of the data, and where to go on: what stands there is no regular row, or is the end */
  size_t line;           /* the number of the line that begins at `at` */
  size_t rows, room;     /* rows found, and how many would fit */
  uint32_t width;        /* cells in a row, at least two */
  char delimiter;
  bool one_line;         /* rows of several lines are not regular now */
} Scan;

/* Finds rows from `at` on. Row r begins in line lines[r]; its cell c stands from starts[r * (width + 1) + c] to one before
   the start behind it, with its quotation marks; as_is[r] tells whether csv_write with the same delimiter would write
   them just so. `header` are the cells of the header, each with a NUL behind it: a row that looks like it is not
   regular. */
NETRAL_API void csv_scan(Scan *scan, const char *data, const char *header, size_t header_length, uint32_t *starts,
                         uint32_t *lines, bool *as_is);

/* Some rows of such data: those with `count` of its numbers. */
typedef struct {
  const char *data;
  const uint32_t *starts;
  const bool *as_is;
  const uint32_t *numbers;
  size_t count;
  uint32_t width;
  char delimiter;
} Rows;

/* How many bytes they have as they stand. */
NETRAL_API size_t csv_size(const Rows *rows);

/* One cell of each without its quotation marks; how many bytes. Cell i stands at offset[i]..offset[i + 1], with `base`
   added; without `offset` a NUL stands behind each. `out` has room for csv_size bytes. */
NETRAL_API size_t csv_column(const Rows *rows, uint32_t column, char *out, int64_t *offset, int64_t base);

/* The first row from `first` on of which a cell is empty but for white space; their count where none is. */
NETRAL_API size_t csv_blank(const Rows *rows, uint32_t column, size_t first);

/* They as lines of another CSV file: their cells, the tails that belong to them, each with a NUL behind it, and an end.
   The first tail begins at *tail, which becomes the place behind the last. How many bytes; 0 where the tails or `room`
   are not enough. */
NETRAL_API size_t csv_write(const Rows *rows, const char *tails, size_t tails_length, size_t *tail, char delimiter,
                            char *out, size_t room);

#endif
