package dev.graft.text.source;

import dev.graft.data.Dataset;
import dev.graft.data.Example;
import dev.graft.data.TargetKind;
import dev.graft.text.preprocessing.ChatTemplate;
import dev.graft.text.preprocessing.Texts;
import java.util.List;
import java.util.Optional;

/**
 * Texts held in memory.
 *
 * @param file name of the file; an example's id is the file and its line, and where in the unit
 *     that begins there, if that is cut
 * @param rows what is read
 * @param targets one per row
 * @param targetKind how they are read
 * @param classes names of the classes, if there are any
 */
record TextDataset(
    String file, List<Row> rows, double[][] targets, TargetKind targetKind, List<String> classes)
    implements Dataset {

  /**
   * One text or a pair, or one to make another of.
   *
   * @param line where it stands, from 1
   * @param offset characters of what begins there and stands in front of it
   * @param text the first text
   * @param pair the second one, if there is one
   * @param target what is to be made of the text, if that is a text
   * @param chat the conversation that the text is, if it is one
   */
  record Row(
      long line,
      long offset,
      String text,
      Optional<String> pair,
      Optional<String> target,
      Optional<ChatTemplate.Chat> chat) {

    /** Without a target that is a text. */
    Row(long line, String text, Optional<String> pair) {
      this(line, 0, text, pair, Optional.empty(), Optional.empty());
    }

    /** A piece of a longer text. */
    Row(long line, long offset, String text) {
      this(line, offset, text, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A conversation. */
    static Row of(long line, ChatTemplate.Chat chat) {
      return new Row(line, 0, chat.text(), Optional.empty(), Optional.empty(), Optional.of(chat));
    }
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public String id(int index) {
    Row row = rows.get(index);
    return file + ":" + row.line + (row.offset == 0 ? "" : "+" + row.offset);
  }

  @Override
  public double target(int index) {
    boolean one = targetKind == TargetKind.NUMBER || targetKind == TargetKind.CLASS;
    return one ? targets[index][0] : Double.NaN;
  }

  @Override
  public double[] targetRow(int index) {
    return targets[index];
  }

  @Override
  public int extent(int index) {
    Row row = rows.get(index);
    return row.text.length() + row.pair.map(String::length).orElse(0);
  }

  @Override
  public Example load(int index) {
    Row row = rows.get(index);
    Example example = Texts.example(id(index), row.text, row.pair);
    if (targetKind == TargetKind.MASKED_WORDS) {
      return Texts.withMask(example);
    }
    if (row.chat.isPresent()) {
      return Texts.withAnswers(example, row.chat.get().answers());
    }
    return row.target.map(target -> Texts.withTarget(example, target)).orElse(example);
  }
}
