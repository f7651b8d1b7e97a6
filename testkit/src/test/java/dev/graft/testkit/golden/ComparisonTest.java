package dev.graft.testkit.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.tensor.HostTensor;
import dev.graft.testkit.golden.GoldenOutcome.Status;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private final Comparison comparison = new Comparison(1e-3);

  @Test
  void theToleranceIsRelativeToTheLargestExpectedValue() {
    comparison.values("x", new double[] {100, 0}, new double[] {100, 0.09});
    assertEquals(Status.PASSED, comparison.outcome().status());
    comparison.values("y", new double[] {100, 0}, new double[] {100, 0.11});
    assertEquals(Status.FAILED, comparison.outcome().status());
  }

  @Test
  void theWorstValueIsNamed() {
    comparison.values("x", new double[] {1, 2, 3}, new double[] {1.1, 2, 3.5});
    assertEquals(2, comparison.failures());
    String detail = comparison.outcome().detail();
    assertTrue(detail.contains("x[2]: expected 3.0, got 3.5"), detail);
  }

  @Test
  void nanEqualsOnlyNan() {
    comparison.number("a", Double.NaN, Double.NaN);
    assertEquals(0, comparison.failures());
    comparison.number("b", 1, Double.NaN);
    comparison.number("c", Double.NaN, 1);
    assertEquals(2, comparison.failures());
  }

  @Test
  void zeroToleranceIsExact() {
    Comparison exact = new Comparison(0);
    exact.number("a", 0.1, 0.1);
    assertEquals(0, exact.failures());
    exact.number("b", 0.1, Math.nextUp(0.1));
    assertEquals(1, exact.failures());
  }

  @Test
  void aDifferentNumberOfValuesIsADifference() {
    comparison.values("x", new double[] {1, 2}, new double[] {1});
    assertTrue(comparison.outcome().detail().contains("2 values expected, 1 computed"));
  }

  @Test
  void theShapeIsNotAValueThatTheToleranceIsRelativeTo() throws JsonProcessingException {
    JsonNode expected =
        new ObjectMapper().readTree("{\"shape\": [1000], \"first4\": [1, 1, 1, 1]}");
    double[] actual = new double[1000];
    Arrays.fill(actual, 1.01);
    comparison.tensor("x", expected, actual);
    assertEquals(4, comparison.failures());
  }

  @Test
  void everythingThatTheReferenceTellsIsCompared() throws JsonProcessingException {
    JsonNode expected =
        json("{\"shape\":[4],\"first2\":[1,2],\"mean\":2.5,\"std\":1.118034,\"l2\":5.477226}");
    comparison.tensor("t", expected, HostTensor.of(new float[] {1, 2, 3, 4}, 4));
    assertEquals(Status.PASSED, comparison.outcome().status());
    // The listed values agree; only the statistics can tell.
    comparison.tensor("t", expected, HostTensor.of(new float[] {1, 2, 3, 5}, 4));
    assertEquals(3, comparison.failures());
  }

  @Test
  void anotherShapeIsADifference() throws JsonProcessingException {
    JsonNode expected = json("{\"shape\":[2,2],\"values\":[1,2,3,4]}");
    comparison.tensor("t", expected, HostTensor.of(new float[] {1, 2, 3, 4}, 4));
    assertTrue(comparison.outcome().detail().contains("shape [2, 2] expected, [4] computed"));
  }

  @Test
  void nestedArraysAreRowMajor() throws JsonProcessingException {
    comparison.tensor("t", json("[[1,2],[3,4]]"), new double[] {1, 2, 3, 4});
    assertEquals(Status.PASSED, comparison.outcome().status());
  }

  @Test
  void comparingNothingIsAnError() {
    assertThrows(IllegalStateException.class, comparison::outcome);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new ObjectMapper().readTree(text);
  }
}
