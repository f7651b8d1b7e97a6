package dev.graft.testkit.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.testkit.golden.GoldenOutcome.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class GoldenFolderTest {

  @TempDir private Path temp;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private String before;
  private GoldenLedger ledger;

  @BeforeEach
  void threeCasesAndAVocabulary() throws IOException {
    before = System.getProperty("graft.golden");
    System.setProperty("graft.golden", temp.resolve("golden").toString());
    ledger = ledger("1");
    for (String name : List.of("good", "bad", "strange")) {
      write("sums/" + name + ".json", "{\"name\":\"" + name + "\"}");
    }
    write("sums/vocabulary.json", "{\"name\":1,\"source\":2}");
    write("products/p.json", "{\"source\":\"a library\"}");
  }

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty("graft.golden");
    } else {
      System.setProperty("graft.golden", before);
    }
  }

  @Test
  void everyCaseFileIsATestAndItsOutcomeIsRecorded() throws Throwable {
    try (Stream<DynamicTest> stream = GoldenFolder.of("sums", ledger).tests(this::check)) {
      List<DynamicTest> tests = stream.toList();
      assertEquals(
          List.of("bad", "good", "strange"),
          tests.stream().map(DynamicTest::getDisplayName).toList());
      assertThrows(AssertionFailedError.class, () -> tests.get(0).getExecutable().execute());
      tests.get(1).getExecutable().execute();
      TestAbortedException aborted =
          assertThrows(TestAbortedException.class, () -> tests.get(2).getExecutable().execute());
      assertEquals("not built: no such sum", aborted.getMessage());
    }
    assertEquals("golden sums: 1 passed, 1 failed, 1 not built", printed.toString(UTF_8).strip());
    assertEquals("x[3] is off", ledger.read("sums").get("bad").detail());
  }

  @Test
  void aCheckThatThrowsHasFailed() throws Throwable {
    try (Stream<DynamicTest> stream =
        GoldenFolder.of("products", ledger)
            .tests(
                golden -> {
                  throw new ArithmeticException("overflow");
                })) {
      List<DynamicTest> tests = stream.toList();
      assertThrows(ArithmeticException.class, () -> tests.get(0).getExecutable().execute());
    }
    assertEquals(Status.FAILED, ledger.read("products").get("p").status());
  }

  @Test
  void anAbsentFamilyIsAborted() {
    try (Stream<DynamicTest> stream = GoldenFolder.of("quotients", ledger).tests(this::check)) {
      List<DynamicTest> tests = stream.toList();
      assertEquals(1, tests.size());
      if (!"true".equalsIgnoreCase(System.getenv("CI"))) {
        assertThrows(TestAbortedException.class, () -> tests.get(0).getExecutable().execute());
      }
    }
  }

  @Test
  void theCensusEntersWhatNobodyLookedAt() throws IOException {
    ledger.record("sums", "good", GoldenOutcome.passed(""));
    assertEquals(
        List.of(
            "golden products: 0 passed, 0 failed, 1 not built",
            "golden sums: 1 passed, 0 failed, 2 not built"),
        GoldenCensus.close(temp.resolve("golden"), ledger));
  }

  @Test
  void theHeavierOutcomeOfTwoStands() {
    ledger.record("sums", "good", GoldenOutcome.notBuilt("not in this module"));
    ledger.record("sums", "good", GoldenOutcome.passed(""));
    assertEquals(Status.PASSED, ledger.read("sums").get("good").status());
    ledger.record("sums", "good", GoldenOutcome.failed("elsewhere"));
    ledger.record("sums", "good", GoldenOutcome.passed(""));
    assertEquals(Status.FAILED, ledger.read("sums").get("good").status());
  }

  @Test
  void anotherRunBeginsAnew() throws IOException {
    ledger.record("sums", "bad", GoldenOutcome.failed("a\ttab and\na line"));
    GoldenLedger next = ledger("2");
    assertTrue(next.read("sums").isEmpty());
    next.record("sums", "good", GoldenOutcome.passed("close"));
    assertEquals(
        "# run 2\ngood\tpassed\tclose\n", Files.readString(temp.resolve("ledger/sums.tsv")));
  }

  private GoldenLedger ledger(String run) {
    return new GoldenLedger(temp.resolve("ledger"), run, new PrintStream(printed, true, UTF_8));
  }

  private GoldenOutcome check(GoldenCase golden) {
    return switch (golden.name()) {
      case "good" -> GoldenOutcome.passed("");
      case "bad" -> GoldenOutcome.failed("x[3] is off");
      default -> GoldenOutcome.notBuilt("no such sum");
    };
  }

  private void write(String relative, String content) throws IOException {
    Path file = temp.resolve("golden").resolve(relative);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
