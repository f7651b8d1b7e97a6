package dev.graft.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.train.TinyJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Further labels of examples, and tables that are refused. */
class LabelTableTest {

  private static final Dataset IMAGES = new TinyJobs.Images(6, 1);

  @TempDir private Path temp;

  private LabelTable table(String text) throws IOException {
    return LabelTable.read(Files.writeString(temp.resolve("labels.csv"), text));
  }

  @Test
  void labelsFollowFromClasses() throws IOException {
    Dataset labelled = table("class,label\ndark,a\nbright,light\nstriped,a\n").applyTo(IMAGES);
    assertEquals(List.of("a", "light"), labelled.classes());
    assertEquals(List.of(0.0, 1.0), List.of(labelled.target(0), labelled.target(4)));
    assertEquals(0, labelled.target(5));
    assertTrue(labelled.sameExamples(IMAGES));
    assertFalse(labelled.sameExamples(new TinyJobs.Images(6, 2)));
    assertFalse(new TinyJobs.Images(6, 2).sameExamples(IMAGES));
  }

  @Test
  void namesMayHoldCommasAndEveryExampleNeedsALabel() throws IOException {
    Dataset two = IMAGES.subset(new int[] {1, 2});
    Dataset labelled = table("id,label\n1/1,y\n1/2,x\nsome, other,z\n").applyTo(two);
    assertEquals(List.of("x", "y", "z"), labelled.classes());
    assertEquals(1, labelled.target(0));
    LabelTable one = table("id,label\n1/1,y\n");
    String message =
        assertThrows(IllegalArgumentException.class, () -> one.applyTo(two)).getMessage();
    assertTrue(message.contains("'1/2'") && message.contains("[1/1]"), message);
  }

  @Test
  void classesOfNumbersCannotBeLabelled() throws IOException {
    LabelTable table = table("class,label\ndark,a\n");
    Dataset without = IMAGES.withoutTargets();
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> table.applyTo(without))
            .getMessage()
            .contains("id,label"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'name,label\na,b'|begins with class,label",
        "''|begins with class,label",
        "'id,label\na'|line 2",
        "'id,label\na,'|line 2",
        "'id,label\na,b\na,c'|labels 'a' again"
      })
  void otherTablesAreRefused(String text, String reason) {
    String message = assertThrows(IOException.class, () -> table(text)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
