package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LrFindCommandTest {

  private static Ran find(Object... more) {
    List<Object> words = new ArrayList<>(List.of("lr-find", "--k-per-class", 4));
    words.addAll(List.of("--base", Ran.demo("glyphs-base"), "--data", Ran.demo("glyphs-target")));
    words.addAll(List.of(more));
    return Ran.graft(words.toArray());
  }

  @Test
  void theSuggestionIsTheLastLine() {
    Ran ran = find("--json", "--method", "linear-probe:solver=gradient", "--seed", 3);
    assertEquals(0, ran.code(), ran.err());
    JsonNode found = ran.json();
    double suggestion = found.get("suggestion").asDouble();
    assertEquals(suggestion, found.get("suggestions").get("valley").asDouble());
    assertTrue(suggestion > 1e-6 && suggestion < 10, "" + suggestion);
    for (String name : List.of("steep", "minimum", "slide")) {
      assertTrue(found.get("suggestions").get(name).asDouble() > 0, name);
    }
    assertEquals(1e-7, found.get("points").get(0).get("rate").asDouble(), 1e-12);
  }

  @Test
  void peopleGetATable() {
    Ran ran = find("--method", "linear-probe:solver=gradient");
    assertEquals(0, ran.code(), ran.err());
    assertTrue(ran.out().contains("1.00e-07"), ran.out());
    assertTrue(ran.out().contains("Suggested: lr="), ran.out());
  }

  @Test
  void aMethodWithoutALearningRateIsRefused() {
    Ran ran = find("--method", "linear-probe");
    assertEquals(1, ran.code());
    assertTrue(ran.err().contains("choose a method that trains by updates"), ran.err());
    Ran phase = find("--method", "lp-ft", "--phase", "finetune");
    assertEquals(1, phase.code());
    assertTrue(phase.err().contains("no phase is named 'finetune'"), phase.err());
  }
}
