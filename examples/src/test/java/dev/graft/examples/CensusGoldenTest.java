package dev.graft.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.graft.testkit.golden.GoldenCensus;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Ends the run: this module is the last of the build, so what no test has looked at by now is
 * entered as not built, and every family's line is printed.
 */
class CensusGoldenTest {

  @Test
  void everyFamilyHasItsLine() throws IOException {
    assertFalse(GoldenCensus.close().isEmpty(), "no family of reference values found");
  }
}
