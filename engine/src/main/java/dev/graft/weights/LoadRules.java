package dev.graft.weights;

import java.util.Set;

/**
 * What may differ on purpose between a file and the model it is loaded into.
 *
 * @param names how the file's names become the model's
 * @param replaceable tensors of the model, by name, that keep their initial values where the file
 *     has another shape or nothing: those of a new head
 * @param adaptable tensors of the model, by name, that may have another number of input channels
 *     than in the file: the weight of the first convolution
 */
public record LoadRules(NameMap names, Set<String> replaceable, Set<String> adaptable) {

  public LoadRules {
    replaceable = Set.copyOf(replaceable);
    adaptable = Set.copyOf(adaptable);
  }

  /** Nothing may differ but what wrappers put in front of every name. */
  public static LoadRules strict() {
    return new LoadRules(NameMap.unwrapping(), Set.of(), Set.of());
  }

  /** With another map of names. */
  public LoadRules names(NameMap other) {
    return new LoadRules(other, replaceable, adaptable);
  }

  /** With other tensors that may keep their initial values. */
  public LoadRules replaceable(Set<String> other) {
    return new LoadRules(names, other, adaptable);
  }

  /** With other tensors that may have another number of input channels. */
  public LoadRules adaptable(Set<String> other) {
    return new LoadRules(names, replaceable, other);
  }
}
