package dev.graft.weights;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle as data.
 *
 * <p>A pickle is a program for a small stack machine; the danger is in two of its instructions,
 * which look up any class by name and call it. Here the instructions are a closed list, the names
 * are the closed list of {@link PickleGlobals}, and everything else is refused by name. What comes
 * out is made of {@code null}, {@link Boolean}, {@link Long}, {@link BigInteger}, {@link Double},
 * {@link String}, {@code byte[]}, {@link List} (tuples cannot be changed), {@link Map}, {@link
 * java.util.Set}, {@link DType}, {@link TorchStorage} and {@link StoredTensor}.
 *
 * <p>Memory: each instruction makes at most one small object, and text is limited by what is left
 * of the input, so the input's length bounds all of it.
 *
 * <p>Source: the instruction set as CPython's {@code pickletools} documents it, protocols 2 to 5.
 */
final class PickleMachine {

  /** Resolves a reference to data outside the pickle. */
  @FunctionalInterface
  interface Resolver {
    Object resolve(List<?> id);
  }

  private static final int MAX_PROTOCOL = 5;

  private final PickleInput in;
  private final Resolver resolver;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private PickleMachine(PickleInput in, Resolver resolver) {
    this.in = in;
    this.resolver = resolver;
  }

  /**
   * Reads the pickle at the buffer's position, and leaves the position behind it.
   *
   * @param resolver what a persistent id stands for
   * @throws WeightFormatException if the pickle holds anything but allowed data
   */
  static Object read(ByteBuffer in, Resolver resolver) {
    return new PickleMachine(new PickleInput(in), resolver).run();
  }

  private Object run() {
    while (true) {
      int at = in.position();
      int opcode = (int) in.unsigned(1);
      if (opcode == '.') {
        Object result = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw bad("values are left over at the end");
        }
        return result;
      }
      if (!constant(opcode) && !container(opcode) && !reference(opcode)) {
        throw new WeightFormatException(
            Reason.FORBIDDEN_OPCODE,
            "the pickle instruction 0x%02x at %d is not on the list of allowed ones; save a plain"
                    .formatted(opcode, at)
                + " state dict with protocol 2");
      }
    }
  }

  /** Instructions that push a constant, and those that only frame others. */
  private boolean constant(int opcode) {
    switch (opcode) {
      case 0x80 -> checkProtocol(in.unsigned(1));
      case 0x95 -> in.need(in.wide());
      case 'N' -> push(null);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push(in.unsigned(1));
      case 'M' -> push(in.unsigned(2));
      case 'J' -> push((long) (int) in.unsigned(4));
      case 0x8a -> push(in.integer(in.unsigned(1)));
      case 0x8b -> push(in.integer(in.unsigned(4)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.wide())));
      case 'U', 0x8c -> push(in.text(in.unsigned(1)));
      case 'T', 'X' -> push(in.text(in.unsigned(4)));
      case 0x8d -> push(in.text(in.wide()));
      case 'C' -> push(in.bytes(in.unsigned(1)));
      case 'B' -> push(in.bytes(in.unsigned(4)));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Instructions that make and fill containers. */
  private boolean container(int opcode) {
    switch (opcode) {
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case '1' -> popMark();
      case ')' -> push(List.of());
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 't' -> push(Collections.unmodifiableList(popMark()));
      case ']' -> push(new ArrayList<>(0));
      case '}' -> push(new LinkedHashMap<>());
      case 0x8f -> push(new LinkedHashSet<>());
      case 'a' -> append(tuple(1));
      case 'e' -> append(popMark());
      case 's' -> setItems(tuple(2));
      case 'u' -> setItems(popMark());
      case 0x90 -> addItems(popMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Instructions that refer to earlier values, to names and to data outside. */
  private boolean reference(int opcode) {
    switch (opcode) {
      case 'q' -> memo.put(in.unsigned(1), top());
      case 'r' -> memo.put(in.unsigned(4), top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'h' -> push(recall(in.unsigned(1)));
      case 'j' -> push(recall(in.unsigned(4)));
      case 'c' -> push(PickleGlobals.find(in.line(), in.line()));
      case 0x93 -> {
        List<Object> names = tuple(2);
        push(PickleGlobals.find(string(names.get(0)), string(names.get(1))));
      }
      case 'R', 0x81 -> {
        List<Object> call = tuple(2);
        push(call(call.get(0), PickleGlobals.list(call.get(1))));
      }
      case 'b' -> build(pop());
      case 'Q' -> push(resolver.resolve(PickleGlobals.list(pop())));
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What may be a key of a dictionary or a member of a set: nothing that could change later. */
  static Object key(Object value) {
    if (value instanceof String
        || value instanceof Long
        || value instanceof Boolean
        || value instanceof Double) {
      return value;
    }
    throw bad("a key is a string or a number, not " + describe(value));
  }

  /** A value's kind, for messages. */
  static String describe(Object value) {
    return value == null ? "None" : value.getClass().getSimpleName();
  }

  private static Object call(Object function, List<?> arguments) {
    if (!(function instanceof PickleGlobals.Function callable)) {
      throw bad("a call of something that is no function: " + describe(function));
    }
    return callable.apply(arguments);
  }

  /** Attributes of a dictionary, such as the versions that a state dict carries, are let go. */
  private void build(Object state) {
    if (!(top() instanceof Map<?, ?>) || !(state instanceof Map<?, ?>)) {
      throw bad("attributes are set on " + describe(top()) + "; only a dictionary may have some");
    }
  }

  private void append(List<Object> items) {
    if (!(top() instanceof ArrayList<?>)) {
      throw bad("values are appended to " + describe(top()));
    }
    @SuppressWarnings("unchecked") // Every ArrayList on the stack was made by this class.
    List<Object> list = (ArrayList<Object>) top();
    list.addAll(items);
  }

  private void setItems(List<Object> items) {
    if (!(top() instanceof LinkedHashMap<?, ?>) || items.size() % 2 != 0) {
      throw bad("items are set in " + describe(top()));
    }
    @SuppressWarnings("unchecked") // Every map on the stack was made here or in PickleGlobals.
    Map<Object, Object> map = (LinkedHashMap<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      map.put(key(items.get(i)), items.get(i + 1));
    }
  }

  private void addItems(List<Object> items) {
    if (!(top() instanceof LinkedHashSet<?>)) {
      throw bad("members are added to " + describe(top()));
    }
    @SuppressWarnings("unchecked") // Every set on the stack was made here or in PickleGlobals.
    LinkedHashSet<Object> set = (LinkedHashSet<Object>) top();
    items.forEach(item -> set.add(key(item)));
  }

  private void push(Object value) {
    stack.add(value);
  }

  @CanIgnoreReturnValue
  private Object pop() {
    Object value = top();
    stack.remove(stack.size() - 1);
    return value;
  }

  private Object top() {
    if (stack.size() <= fence()) {
      throw bad("a value is taken from an empty stack");
    }
    return stack.get(stack.size() - 1);
  }

  /** No instruction but the one that closes a mark reaches below it. */
  private int fence() {
    return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
  }

  private List<Object> tuple(int size) {
    if (stack.size() - fence() < size) {
      throw bad("a value is taken from an empty stack");
    }
    return Collections.unmodifiableList(cut(stack.size() - size));
  }

  @CanIgnoreReturnValue
  private List<Object> popMark() {
    if (marks.isEmpty()) {
      throw bad("a mark is closed that was never set");
    }
    return cut(marks.remove(marks.size() - 1));
  }

  private List<Object> cut(int from) {
    List<Object> tail = stack.subList(from, stack.size());
    List<Object> items = new ArrayList<>(tail);
    tail.clear();
    return items;
  }

  private Object recall(long index) {
    if (!memo.containsKey(index)) {
      throw bad("value %d is recalled, but was never kept".formatted(index));
    }
    return memo.get(index);
  }

  private static void checkProtocol(long protocol) {
    if (protocol > MAX_PROTOCOL) {
      throw bad("protocol %d; at most %d is read".formatted(protocol, MAX_PROTOCOL));
    }
  }

  private static String string(Object value) {
    if (!(value instanceof String string)) {
      throw bad("a name is a string, not " + describe(value));
    }
    return string;
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_PICKLE, message);
  }
}
