package dev.graft.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class SharedFolderTest {

  @Test
  void anAbsentFolderAbortsOnADeveloperMachine() {
    TestAbortedException e =
        assertThrows(TestAbortedException.class, () -> SharedFolder.absent("no data", false));
    assertEquals("no data", e.getMessage());
  }

  @Test
  void anAbsentFolderFailsWhereEverythingMustBeChecked() {
    AssertionFailedError e =
        assertThrows(AssertionFailedError.class, () -> SharedFolder.absent("no data", true));
    assertTrue(e.getMessage().contains("CI=true"), e.getMessage());
  }

  @Test
  void aRelativeFolderIsBelowTheRoot() {
    String before = System.getProperty("graft.golden");
    try {
      System.setProperty("graft.golden", "some/reference");
      Path expected = SharedFolder.root().resolve("some/reference");
      assertEquals(expected, SharedFolder.golden());
    } finally {
      if (before == null) {
        System.clearProperty("graft.golden");
      } else {
        System.setProperty("graft.golden", before);
      }
    }
  }
}
