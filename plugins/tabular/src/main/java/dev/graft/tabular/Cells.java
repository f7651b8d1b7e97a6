package dev.graft.tabular;

import dev.graft.tensor.DType;
import dev.graft.tensor.HostTensor;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * One cell of a raw row: a number as a FLOAT64 scalar, a text as its UTF-8 bytes, a missing value
 * as no bytes at all. A row is an example with one such value per column, by the column's name.
 */
final class Cells {

  /** The cell that has no value. */
  static final HostTensor MISSING = HostTensor.of(new byte[0], 0);

  /** Decimal numbers only: {@code 1d}, {@code 0x1p3} and {@code NaN} are texts. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");

  private Cells() {}

  static HostTensor number(double value) {
    ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putDouble(0, value);
    return new HostTensor(DType.FLOAT64, new long[0], bytes);
  }

  static HostTensor text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return HostTensor.of(bytes, bytes.length);
  }

  static boolean isMissing(HostTensor cell) {
    return cell.count() == 0;
  }

  static boolean isNumber(HostTensor cell) {
    return cell.dtype() == DType.FLOAT64;
  }

  /** The text of a cell; a number is written as {@link #category} writes it. */
  static String text(HostTensor cell) {
    if (isNumber(cell)) {
      return written(cell.get(0));
    }
    return StandardCharsets.UTF_8.decode(cell.data()).toString();
  }

  /** The number in a cell, or nothing where it holds a text that is no finite decimal number. */
  static OptionalDouble number(HostTensor cell) {
    return isNumber(cell) ? OptionalDouble.of(cell.get(0)) : parse(text(cell));
  }

  /** The finite decimal number a text writes, if it writes one. */
  static OptionalDouble parse(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    double value = Double.parseDouble(text);
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** A category in one spelling, so that {@code 1}, {@code 1.0} and {@code +1} are the same. */
  static String category(String text) {
    OptionalDouble number = parse(text);
    return number.isPresent() ? written(number.getAsDouble()) : text;
  }

  /** A number in one spelling: without exponent, without trailing zeros. */
  static String written(double value) {
    return value == 0 ? "0" : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
