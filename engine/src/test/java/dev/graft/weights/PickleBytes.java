package dev.graft.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Assembles pickles instruction by instruction, right ones and wrong ones. */
final class PickleBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A pickle of protocol 2. */
  static PickleBytes protocol2() {
    return new PickleBytes().op(0x80).raw(2);
  }

  PickleBytes op(int opcode) {
    out.write(opcode);
    return this;
  }

  /** Instructions given as letters. */
  PickleBytes ops(String opcodes) {
    return raw(opcodes.getBytes(StandardCharsets.ISO_8859_1));
  }

  PickleBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleBytes global(String module, String name) {
    return ops("c" + module + "\n" + name + "\n");
  }

  PickleBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').raw(int4(bytes.length)).raw(bytes);
  }

  PickleBytes number(int value) {
    return op('J').raw(int4(value));
  }

  /** An integer of 64 bits, which only the long form can hold. */
  PickleBytes wide(long value) {
    return op(0x8a)
        .raw(8)
        .raw(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  PickleBytes tuple(long... values) {
    op('(');
    for (long value : values) {
      wide(value);
    }
    return op('t');
  }

  /** A reference to a float storage, in the zip format. */
  PickleBytes storage(String type, String key, long count) {
    return op('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .wide(count)
        .ops("tQ");
  }

  /** The same in the legacy format, which may name a part of it. */
  PickleBytes legacyStorage(String key, long count) {
    return op('(')
        .text("storage")
        .global("torch", "FloatStorage")
        .text(key)
        .text("cpu")
        .wide(count)
        .ops("NtQ");
  }

  /** Calls {@code _rebuild_tensor_v2} on the storage that {@code push} pushes. */
  PickleBytes tensor(Runnable push, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(');
    push.run();
    wide(offset).tuple(shape).tuple(strides).op(0x89);
    return emptyOrderedDict().ops("tR");
  }

  PickleBytes emptyOrderedDict() {
    return global("collections", "OrderedDict").ops(")R");
  }

  byte[] stop() {
    return op('.').out.toByteArray();
  }

  static byte[] int4(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }
}
