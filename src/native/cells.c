#include "cells.h"

#include <string.h>

/* A number from 0 to 1e12 in millionths, rounded as Python rounds. A double is a whole number times a power of two; times
   1,000,000, which is 15,625 * 2^6, it is cut at the binary point. What stands behind decides, exactly; ties to even. */
static uint64_t millionths(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  int power = (int)(bits >> 52 & 0x7FF); /* without the sign that even a zero may have */
  uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | (uint64_t)(power > 0) << 52;
  int behind = 1075 - (power ? power : 1) - 6; /* bits behind the point: at least 7, as the number is below 2^40 */
  if (behind > 67) return 0;
  uint64_t low = (mantissa & 0xFFFFFFFF) * 15625, high = (mantissa >> 32) * 15625 + (low >> 32);
  low &= 0xFFFFFFFF; /* the product is high * 2^32 + low, below 2^67 */
  if (behind < 32) {
    high = high << (32 - behind) | low >> behind;
    low = low << (32 - behind) & 0xFFFFFFFF;
    behind = 32;
  }
  behind -= 32; /* of high; low is a rest that matters for ties only, or for all where nothing else stands behind */
  uint64_t whole = high >> behind, rest = high - (whole << behind);
  uint64_t half = behind ? UINT64_C(1) << (behind - 1) : UINT64_C(1) << 31;
  if (!behind) rest = low, low = 0;
  return whole + (rest > half || (rest == half && (low || (whole & 1))));
}

size_t cells_number(char *out, double value, char point) {
  if (!(value > -1e12 && value < 1e12)) return 0;
  uint64_t whole = millionths(value < 0 ? -value : value);
  bool nothing = !whole;
  char digits[NUMBER_WIDTH], *at = digits + sizeof digits;
  for (int count = 0; count < 7 || whole; count++) {
    if (count == 6) *--at = point;
    *--at = (char)('0' + whole % 10);
    whole /= 10;
  }
  if (value < 0 && !nothing) *--at = '-';
  size_t length = (size_t)(digits + sizeof digits - at);
  memcpy(out, at, length);
  return length;
}

size_t cells_blank(const char *signs) {
  const unsigned char *at = (const unsigned char *)signs;
  if (*at < 0x80) return *at == ' ' || (*at >= 9 && *at <= 13) || (*at >= 28 && *at <= 31);
  if (*at == 0xC2) return at[1] == 0x85 || at[1] == 0xA0 ? 2 : 0;
  if (*at == 0xE1) return at[1] == 0x9A && at[2] == 0x80 ? 3 : 0;
  if (*at == 0xE2 && at[1] == 0x80)
    return (at[2] >= 0x80 && at[2] <= 0x8A) || at[2] == 0xA8 || at[2] == 0xA9 || at[2] == 0xAF ? 3 : 0;
  if (*at == 0xE2 && at[1] == 0x81) return at[2] == 0x9F ? 3 : 0;
  return *at == 0xE3 && at[1] == 0x80 && at[2] == 0x80 ? 3 : 0;
}

size_t cells_text(char *out, const char *cell, size_t length, char delimiter) {
  bool quoted = false;
  for (size_t at = 0; at < length && !quoted; at++)
    quoted = cell[at] == delimiter || cell[at] == '"' || cell[at] == '\n' || cell[at] == '\r';
  if (!quoted) return length ? (memcpy(out, cell, length), length) : 0;
  char *end = out;
  *end++ = '"';
  for (size_t at = 0; at < length; at++) {
    if (cell[at] == '"') *end++ = '"';
    *end++ = cell[at];
  }
  *end++ = '"';
  return (size_t)(end - out);
}

size_t cells_numbers(char *out, const double *values, size_t rows, size_t columns, char between, char point) {
  char *end = out;
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      if (column) *end++ = between;
      size_t length = cells_number(end, *values++, point);
      if (!length) return 0;
      end += length;
    }
    *end++ = '\0';
  }
  return (size_t)(end - out);
}
