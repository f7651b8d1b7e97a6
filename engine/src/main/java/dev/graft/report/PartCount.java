package dev.graft.report;

import java.util.List;

/**
 * How many examples are in one part of the data.
 *
 * @param name {@code training}, {@code validation} or {@code test}
 * @param use what the part is for, in words
 * @param examples all of them, unreadable ones included
 * @param skipped those that could not be read
 * @param perClass by class, in the order of the labels; empty where examples are not of one each
 */
public record PartCount(
    String name, String use, int examples, int skipped, List<Integer> perClass) {

  public PartCount {
    perClass = List.copyOf(perClass);
  }
}
