package dev.graft.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Renames the tensors of a file into those of a model: rules that are applied one after the other
 * to each name.
 *
 * @param rules in the order of their use
 */
public record NameMap(List<Rule> rules) {

  /** What wrappers put in front of every name: data-parallel and compiled modules. */
  private static final String WRAPPERS = "^(?:module\\.|_orig_mod\\.)+";

  /**
   * One step.
   *
   * @param pattern what to find in a name, anywhere unless anchored
   * @param replacement what to put there, with {@code $1} for groups; empty drops the whole tensor
   */
  public record Rule(Pattern pattern, Optional<String> replacement) {}

  public NameMap {
    rules = List.copyOf(rules);
  }

  /** Leaves every name as it is. */
  public static NameMap identity() {
    return new NameMap(List.of());
  }

  /** Takes away what wrappers of a module put in front of every name, such as {@code module.}. */
  public static NameMap unwrapping() {
    return identity().replace(WRAPPERS, "");
  }

  /** Then takes a prefix away from the names that have it. */
  public NameMap stripPrefix(String prefix) {
    return replace("^" + Pattern.quote(prefix), "");
  }

  /** Then replaces every match of a regular expression; {@code $1} stands for its first group. */
  public NameMap replace(String regex, String replacement) {
    return with(new Rule(Pattern.compile(regex), Optional.of(replacement)));
  }

  /** Then drops the tensors in whose name a regular expression is found. */
  public NameMap drop(String regex) {
    return with(new Rule(Pattern.compile(regex), Optional.empty()));
  }

  /** The new name, or empty where the tensor is dropped. */
  public Optional<String> apply(String name) {
    String renamed = name;
    for (Rule rule : rules) {
      if (rule.replacement().isPresent()) {
        renamed = rule.pattern().matcher(renamed).replaceAll(rule.replacement().get());
      } else if (rule.pattern().matcher(renamed).find()) {
        return Optional.empty();
      }
    }
    return Optional.of(renamed);
  }

  /**
   * New name to old name, in the order of the old ones; dropped names are left out.
   *
   * @throws IllegalArgumentException if two names become one
   */
  public Map<String, String> applyAll(Iterable<String> names) {
    Map<String, String> renamed = new LinkedHashMap<>();
    for (String name : names) {
      apply(name)
          .ifPresent(
              fresh -> {
                String other = renamed.put(fresh, name);
                if (other != null) {
                  throw new IllegalArgumentException(
                      "both '%s' and '%s' would be named '%s'; make the rules more exact"
                          .formatted(other, name, fresh));
                }
              });
    }
    return renamed;
  }

  private NameMap with(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(rule);
    return new NameMap(more);
  }
}
