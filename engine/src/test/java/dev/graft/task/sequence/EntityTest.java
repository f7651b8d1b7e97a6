package dev.graft.task.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Entities as the scripts of CoNLL and seqeval read them off tags. */
class EntityTest {

  private static List<String> tags(String text) {
    return List.of(text.split(" "));
  }

  private static String entities(String tags) {
    List<String> found =
        Entity.of(tags(tags)).stream()
            .map(entity -> entity.type() + entity.from() + "-" + entity.to())
            .toList();
    return String.join(" ", found);
  }

  @ParameterizedTest
  @CsvSource({
    "B-p I-p O B-q, p0-2 q3-4",
    "B-p B-p I-p, p0-1 p1-3",
    "B-p I-q I-q, p0-1 q1-3",
    "O I-p I-p O, p1-3",
    "I-p O I-p, p0-1 p2-3",
    "B-p I-p E-p E-p S-p, p0-3 p3-4 p4-5",
    "S-p I-p, p0-1 p1-2",
    "B-a-b I-a-b, a-b0-2",
    "O O, ''"
  })
  void areReadAsTheScriptsReadThem(String tags, String expected) {
    assertEquals(expected, entities(tags));
  }

  @Test
  void countsWantTheSameWordsAndTheSameType() {
    List<List<String>> truth = List.of(tags("B-p I-p O B-q"), tags("B-q O O"));
    List<List<String>> predicted = List.of(tags("B-p O O B-q"), tags("B-p O B-q"));
    Map<String, EntityCounts> counts = EntityCounts.byType(truth, predicted);
    assertEquals(new EntityCounts(1, 2, 0), counts.get("p"));
    assertEquals(new EntityCounts(2, 2, 1), counts.get("q"));
    EntityCounts all = EntityCounts.all(truth, predicted);
    assertEquals(1.0 / 4, all.precision());
    assertEquals(1.0 / 3, all.recall());
    assertEquals(2.0 / 7, all.f1());
  }

  @Test
  void nothingFoundAndNothingThereIsZero() {
    EntityCounts none = EntityCounts.all(List.of(tags("O O")), List.of(tags("O O")));
    assertEquals(0, none.precision() + none.recall() + none.f1());
  }
}
