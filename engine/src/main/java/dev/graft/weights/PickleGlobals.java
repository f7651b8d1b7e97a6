package dev.graft.weights;

import dev.graft.tensor.DType;
import dev.graft.weights.WeightFormatException.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The closed list of classes and functions that a checkpoint may name. Each stands for a small
 * piece of Java here that builds a container or a tensor; nothing is looked up by name in this JVM.
 */
final class PickleGlobals {

  /** What a pickle may call. */
  @FunctionalInterface
  interface Function {
    Object apply(List<?> arguments);
  }

  /**
   * The type of a storage, as a checkpoint names it.
   *
   * @param dtype type of its elements
   */
  record StorageType(DType dtype) {}

  private static final Map<String, Object> ALLOWED = allowed();

  private PickleGlobals() {}

  /**
   * What stands for a name.
   *
   * @return a {@link Function}, a {@link StorageType} or a {@link DType}
   * @throws WeightFormatException if the name is not on the list
   */
  static Object find(String module, String name) {
    Object found = ALLOWED.get(module + "." + name);
    if (found == null) {
      throw new WeightFormatException(
          Reason.FORBIDDEN_GLOBAL,
          "the file names %s.%s, which is not data; allowed are %s. Save a plain state dict"
              .formatted(module, name, new TreeSet<>(ALLOWED.keySet())));
    }
    return found;
  }

  private static Map<String, Object> allowed() {
    Map<String, Object> map = new LinkedHashMap<>();
    function(map, "collections.OrderedDict", PickleGlobals::orderedDict);
    function(map, "collections.Counter", PickleGlobals::counter);
    for (String builtins : List.of("builtins", "__builtin__")) {
      function(map, builtins + ".set", PickleGlobals::set);
    }
    function(map, "torch.Size", arguments -> TorchTensors.sizes(only(arguments)));
    function(map, "torch.device", PickleGlobals::device);
    function(map, "torch._utils._rebuild_tensor", TorchTensors::rebuild);
    function(map, "torch._utils._rebuild_tensor_v2", TorchTensors::rebuild);
    function(map, "torch._utils._rebuild_parameter", TorchTensors::parameter);
    type(map, "Double", "float64", DType.FLOAT64);
    type(map, "Float", "float32", DType.FLOAT32);
    type(map, "Half", "float16", DType.FLOAT16);
    type(map, "BFloat16", "bfloat16", DType.BFLOAT16);
    type(map, "Long", "int64", DType.INT64);
    type(map, "Int", "int32", DType.INT32);
    type(map, "Short", "int16", DType.INT16);
    type(map, "Char", "int8", DType.INT8);
    type(map, "Byte", "uint8", DType.UINT8);
    type(map, "Bool", "bool", DType.BOOL);
    return Map.copyOf(map);
  }

  private static void function(Map<String, Object> map, String name, Function function) {
    map.put(name, function);
  }

  /** Storages saved from a GPU carry the same data under another module's name. */
  private static void type(Map<String, Object> map, String storage, String dtype, DType type) {
    map.put("torch." + storage + "Storage", new StorageType(type));
    map.put("torch.cuda." + storage + "Storage", new StorageType(type));
    map.put("torch." + dtype, type);
  }

  private static Object orderedDict(List<?> arguments) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      // Python 2 gives the items as a list of pairs.
      for (Object item : list(only(arguments))) {
        List<?> pair = list(item);
        if (pair.size() != 2) {
          throw bad("an OrderedDict is made of pairs, not of " + pair.size() + " values");
        }
        dict.put(PickleMachine.key(pair.get(0)), pair.get(1));
      }
    }
    return dict;
  }

  private static Object counter(List<?> arguments) {
    Map<Object, Object> counts = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      if (!(only(arguments) instanceof Map<?, ?> map)) {
        throw bad("a Counter is made of a dictionary");
      }
      counts.putAll(map);
    }
    return counts;
  }

  private static Object set(List<?> arguments) {
    LinkedHashSet<Object> set = new LinkedHashSet<>();
    for (Object item : arguments.isEmpty() ? List.of() : list(only(arguments))) {
      set.add(PickleMachine.key(item));
    }
    return set;
  }

  private static Object device(List<?> arguments) {
    List<String> parts = new ArrayList<>();
    for (Object argument : arguments) {
      if (!(argument instanceof String || argument instanceof Long)) {
        throw bad("a device is a name and an index");
      }
      parts.add(argument.toString());
    }
    return String.join(":", parts);
  }

  private static Object only(List<?> arguments) {
    if (arguments.size() != 1) {
      throw bad("one argument is needed, not " + arguments.size());
    }
    return arguments.get(0);
  }

  static List<?> list(Object value) {
    if (!(value instanceof List<?> list)) {
      throw bad("a list is needed, not " + PickleMachine.describe(value));
    }
    return list;
  }

  private static WeightFormatException bad(String message) {
    return new WeightFormatException(Reason.BAD_PICKLE, message);
  }
}
