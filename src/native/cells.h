/* How cells stand in a CSV file, as tables/dialect.py shows them. */
#ifndef NETRAL_CELLS_H
#define NETRAL_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netral.h"

enum { NUMBER_WIDTH = 24 }; /* room for any number below 1e12, and a delimiter */

/* Six decimals, rounded as Python rounds them; -0.000000 has no sign. How many bytes; 0 where the number is not finite
   or is 1e12 or more. */
NETRAL_API size_t cells_number(char *out, double value, char point);

/* How many bytes the white space has that begins here in valid UTF-8, as str.split knows it; 0 where none does. What
   ends with a NUL or a line feed may be read to that end. */
size_t cells_blank(const char *signs);

/* A cell, in quotation marks where it holds the delimiter, a quotation mark, CR or LF. `out` has room for 2 * length + 2
   bytes; how many were written. */
size_t cells_text(char *out, const char *cell, size_t length, char delimiter);

/* `rows` lines of `columns` numbers with `between` between them, and a NUL behind each line; `out` has room for
   NUMBER_WIDTH bytes a number and one a line. How many bytes were written; 0 where a number cannot be. */
NETRAL_API size_t cells_numbers(char *out, const double *values, size_t rows, size_t columns, char between, char point);

#endif
