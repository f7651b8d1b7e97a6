package dev.graft.freezing;

import dev.graft.model.Group;
import dev.graft.model.Model;
import dev.graft.model.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of a model as rates decay over them: finer than its groups where a group is a sequence
 * of numbered blocks ({@code layer1.0}, {@code layer1.1}), and a group of nothing but normalisation
 * belongs to the layer before it. For published networks this is the count of timm and BEiT.
 */
final class Layers {

  /**
   * Some parameters of one layer.
   *
   * @param number of the layer, from 0 at the input; several entries may share one
   * @param group name of the group
   * @param names regular expression for whole names; empty: the whole group
   */
  record Layer(int number, String group, String names) {}

  private Layers() {}

  /** The layers from input to output. */
  static List<Layer> of(Model model) {
    List<Layer> layers = new ArrayList<>();
    int next = 0;
    for (Group group : model.groups()) {
      List<Parameter> parameters =
          model.parameters().values().stream()
              .filter(parameter -> parameter.group().equals(group.name()))
              .toList();
      if (parameters.isEmpty()) {
        continue;
      }
      boolean norms = parameters.stream().allMatch(parameter -> parameter.kind().isNorm());
      if (norms && next > 0) {
        layers.add(new Layer(next - 1, group.name(), ""));
        continue;
      }
      for (String names : blocks(group, parameters)) {
        layers.add(new Layer(next++, group.name(), names));
      }
    }
    return layers;
  }

  /** One pattern per numbered block, or one for the whole group where not all is in such blocks. */
  private static List<String> blocks(Group group, List<Parameter> parameters) {
    Map<String, String> patterns = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      String block = block(group, parameter.name());
      if (block == null) {
        return List.of("");
      }
      patterns.put(block, Pattern.quote(block) + "\\..*");
    }
    return List.copyOf(patterns.values());
  }

  /** The path of the numbered block a parameter is in, or null. */
  private static String block(Group group, String name) {
    for (String path : group.modules()) {
      Matcher numbered =
          Pattern.compile("(" + (path.isEmpty() ? "" : Pattern.quote(path) + "\\.") + "\\d+)\\..+")
              .matcher(name);
      if (numbered.matches()) {
        return numbered.group(1);
      }
    }
    return null;
  }
}
