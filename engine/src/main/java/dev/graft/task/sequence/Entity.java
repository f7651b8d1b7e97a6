package dev.graft.task.sequence;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of words that belong together, as their tags say.
 *
 * <p>Tags are {@code O} outside, and a position and a type inside: {@code B-person} begins, {@code
 * I-person} goes on, {@code E-person} ends, {@code S-person} stands alone. Tags that do not follow
 * each other properly are read as the scripts of CoNLL do (Tjong Kim Sang and De Meulder 2003): a
 * word inside begins a new entity where none of its type is open.
 *
 * @param type for example {@code person}
 * @param from its first word, from 0
 * @param to the word behind its last one
 */
public record Entity(String type, int from, int to) {

  /** The tag of words that belong to no entity. */
  public static final String OUTSIDE = "O";

  /** The entities of a sequence of tags, in order. */
  public static List<Entity> of(List<String> tags) {
    List<Entity> entities = new ArrayList<>();
    int from = -1;
    for (int i = 0; i <= tags.size(); i++) {
      String tag = i < tags.size() ? tags.get(i) : OUTSIDE;
      String before = i > 0 ? tags.get(i - 1) : OUTSIDE;
      if (from >= 0 && !goesOn(before, tag)) {
        entities.add(new Entity(type(before), from, i));
        from = -1;
      }
      if (from < 0 && !tag.equals(OUTSIDE)) {
        from = i;
      }
    }
    return entities;
  }

  /** True if a tag belongs to the entity of the one before it. */
  private static boolean goesOn(String before, String tag) {
    boolean inside = position(tag) == 'I' || position(tag) == 'E';
    boolean open = position(before) == 'B' || position(before) == 'I';
    return inside && open && type(tag).equals(type(before));
  }

  private static char position(String tag) {
    return tag.isEmpty() ? 'O' : tag.charAt(0);
  }

  private static String type(String tag) {
    return tag.substring(tag.indexOf('-') + 1);
  }
}
