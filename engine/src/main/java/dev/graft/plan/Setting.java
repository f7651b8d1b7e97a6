package dev.graft.plan;

import java.util.List;

/**
 * Describes one setting: its key, its default, what is allowed, what it does.
 *
 * @param key as written in plans and on the command line: lower case, underscores
 * @param initial the default; its Java type is the setting's type
 * @param min smallest number allowed; ignored for texts and flags
 * @param max largest number allowed; ignored for texts and flags
 * @param choices texts that are allowed; empty: any
 * @param help one line, with the unit where there is one
 */
public record Setting(
    String key, Object initial, double min, double max, List<String> choices, String help) {

  /** The value of a setting that a rule decides. */
  public static final String AUTO = "auto";

  /** A number within bounds, both included. */
  public static Setting number(String key, double initial, double min, double max, String help) {
    return new Setting(key, initial, min, max, List.of(), help);
  }

  /** A whole number within bounds, both included. */
  public static Setting integer(String key, int initial, int min, int max, String help) {
    return new Setting(key, initial, min, max, List.of(), help);
  }

  /** A flag. */
  public static Setting flag(String key, boolean initial, String help) {
    return new Setting(key, initial, 0, 0, List.of(), help);
  }

  /** A text, one of {@code choices} where they are given. */
  public static Setting text(String key, String initial, List<String> choices, String help) {
    return new Setting(key, initial, 0, 0, List.copyOf(choices), help);
  }

  /** A number within bounds, or {@link #AUTO}, the default: decided by the rule that help tells. */
  public static Setting auto(String key, double min, double max, String help) {
    return new Setting(key, AUTO, min, max, List.of(AUTO), help);
  }

  private boolean isAuto() {
    return choices.equals(List.of(AUTO));
  }

  /** The value in this setting's type; texts as typed on a command line are parsed. */
  Object checked(String owner, Object given) {
    Object type = isAuto() && !given.equals(AUTO) ? Double.valueOf(min) : initial;
    Object value = given;
    if (type instanceof String && given instanceof Number) {
      value = given.toString();
    } else if (given instanceof String text) {
      value = parsed(text, type);
    }
    if (type instanceof Number && value instanceof Number number) {
      double v = number.doubleValue();
      boolean whole = !(type instanceof Integer) || v == Math.rint(v);
      if (v >= min && v <= max && whole) {
        return type instanceof Integer ? (Object) (int) v : (Object) v;
      }
    } else if (type instanceof Boolean && value instanceof Boolean) {
      return value;
    } else if (type instanceof String
        && value instanceof String
        && (choices.isEmpty() || choices.contains(value))) {
      return value;
    }
    throw refused(owner, given);
  }

  /** A text as a value of the type; what cannot be read stays a text. */
  private static Object parsed(String text, Object type) {
    if (type instanceof Boolean && (text.equals("true") || text.equals("false"))) {
      return Boolean.valueOf(text);
    }
    if (type instanceof Number) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException e) {
        return text;
      }
    }
    return text;
  }

  private IllegalArgumentException refused(String owner, Object given) {
    String allowed;
    if (isAuto()) {
      allowed = "auto, or a number from %s to %s".formatted(min, max);
    } else if (initial instanceof Integer) {
      allowed = "a whole number from %s to %s".formatted((long) min, (long) max);
    } else if (initial instanceof Number) {
      allowed = "a number from %s to %s".formatted(min, max);
    } else if (initial instanceof Boolean) {
      allowed = "true or false";
    } else {
      allowed = choices.isEmpty() ? "a text" : "one of " + choices;
    }
    return new IllegalArgumentException(
        "setting '%s' of %s is '%s'; allowed: %s".formatted(key, owner, given, allowed));
  }
}
