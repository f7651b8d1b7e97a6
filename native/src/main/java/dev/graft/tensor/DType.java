package dev.graft.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The type of one tensor element. */
public enum DType {
  FLOAT64("F64", 8, true),
  FLOAT32("F32", 4, true),
  FLOAT16("F16", 2, true),
  BFLOAT16("BF16", 2, true),
  INT64("I64", 8, false),
  INT32("I32", 4, false),
  INT16("I16", 2, false),
  INT8("I8", 1, false),
  UINT8("U8", 1, false),
  BOOL("BOOL", 1, false);

  private final String code;
  private final int bytes;
  private final boolean floating;

  DType(String code, int bytes, boolean floating) {
    this.code = code;
    this.bytes = bytes;
    this.floating = floating;
  }

  /** The name that safetensors gives this type, for example {@code BF16}. */
  public String code() {
    return code;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** True for the floating-point types. */
  public boolean isFloating() {
    return floating;
  }

  /**
   * The type with the given safetensors name.
   *
   * @throws IllegalArgumentException if there is none; the message lists what exists
   */
  public static DType ofCode(String code) {
    for (DType type : values()) {
      if (type.code.equals(code)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "unknown element type '%s'; known: %s"
            .formatted(
                code, Arrays.stream(values()).map(DType::code).collect(Collectors.joining(", "))));
  }
}
