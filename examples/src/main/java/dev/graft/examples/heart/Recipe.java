package dev.graft.examples.heart;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to train on the target's rows.
 *
 * @param methods as typed on the command line
 * @param keepsHead whether the head of the base stays, whose classes are the same
 */
record Recipe(String methods, boolean keepsHead) {

  private static final List<String> RATES = List.of("0.0003", "0.001", "0.003");
  private static final String EPOCHS = ":epochs=40:batch_size=16";

  /** Six ways to adapt the base: three rates, each with the base's head and with a new one. */
  static List<Recipe> transferred() {
    List<Recipe> recipes = new ArrayList<>();
    for (String rate : RATES) {
      String methods = "fine-tune:augmentation=mask:backbone=1:lr=" + rate + EPOCHS;
      recipes.add(new Recipe(methods, true));
      recipes.add(new Recipe(methods, false));
    }
    return recipes;
  }

  /** Six ways to start from random weights: three rates, each with and without hidden values. */
  static List<Recipe> fromScratch() {
    List<Recipe> recipes = new ArrayList<>();
    for (String rate : RATES) {
      for (String augmentation : List.of("mask", "none")) {
        String methods = "from-scratch:augmentation=" + augmentation + ":lr=" + rate + EPOCHS;
        recipes.add(new Recipe(methods, false));
      }
    }
    return recipes;
  }
}
