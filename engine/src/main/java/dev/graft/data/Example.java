package dev.graft.data;

import dev.graft.tensor.HostTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One row of a data set in plain memory, on any thread: what a source decodes and transforms work
 * on. The target is not part of it; it stands in the {@link Dataset}.
 *
 * @param id stable name of the example in its source, for error messages and reports
 * @param values named values: {@code image} (H, W, C) UINT8, {@code numeric} (columns) FLOAT32, …
 */
public record Example(String id, Map<String, HostTensor> values) {

  public Example {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** An example with one value. */
  public static Example of(String id, String name, HostTensor value) {
    return new Example(id, Map.of(name, value));
  }

  /** The value of a name; the error lists what exists. */
  public HostTensor get(String name) {
    HostTensor value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "example '%s' has no value '%s'; it has %s".formatted(id, name, values.keySet()));
    }
    return value;
  }

  /** With one value replaced or added. */
  public Example with(String name, HostTensor value) {
    Map<String, HostTensor> copy = new LinkedHashMap<>(values);
    copy.put(name, value);
    return new Example(id, copy);
  }
}
