package dev.graft.tabular;

import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a column into two classes: {@code num>0} makes the classes {@code num<=0} and {@code
 * num>0}, the second being the positive one.
 *
 * @param column the column that is compared
 * @param operator one of {@code > >= < <= = !=}
 * @param value what it is compared with; the first four operators need a number
 */
record TargetRule(String column, String operator, String value) {

  private static final Pattern FORM =
      Pattern.compile("\\s*(.+?)\\s*(>=|<=|!=|==|=|>|<)\\s*(.+?)\\s*");

  /**
   * Reads a rule.
   *
   * @throws IllegalArgumentException if it has another form
   */
  static TargetRule parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          ("setting 'positive' is '%s'; allowed: a column, one of > >= < <= = !=, and a value, as"
                  + " in num>0")
              .formatted(text));
    }
    String operator = matcher.group(2).equals("==") ? "=" : matcher.group(2);
    TargetRule rule = new TargetRule(matcher.group(1), operator, matcher.group(3));
    if (rule.ordered() && Cells.parse(rule.value).isEmpty()) {
      throw new IllegalArgumentException(
          "setting 'positive' is '%s'; after %s comes a number".formatted(text, operator));
    }
    return rule;
  }

  private boolean ordered() {
    return operator.startsWith(">") || operator.startsWith("<");
  }

  /** Names of the negative and the positive class. */
  List<String> classes() {
    String opposite =
        switch (operator) {
          case ">" -> "<=";
          case ">=" -> "<";
          case "<" -> ">=";
          case "<=" -> ">";
          case "=" -> "!=";
          default -> "=";
        };
    return List.of(column + opposite + value, column + operator + value);
  }

  /** Index of the class of a text; -1 where the rule compares numbers and the text is none. */
  int classOf(String text) {
    if (!ordered()) {
      boolean equal = Cells.category(text).equals(Cells.category(value));
      return equal == operator.equals("=") ? 1 : 0;
    }
    OptionalDouble number = Cells.parse(text);
    if (number.isEmpty()) {
      return -1;
    }
    double order = number.getAsDouble() - Double.parseDouble(value);
    boolean positive =
        switch (operator) {
          case ">" -> order > 0;
          case ">=" -> order >= 0;
          case "<" -> order < 0;
          default -> order <= 0;
        };
    return positive ? 1 : 0;
  }
}
