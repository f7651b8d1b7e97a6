package dev.graft.examples;

import dev.graft.Graft;
import java.nio.file.Path;
import java.util.List;

class FirstTransfer {
  public static void main(String[] args) throws Exception {
    var fitted = Graft.create().transfer(Path.of(args[0]), Path.of(args[1])).fit(Path.of(args[2]));
    System.out.println(fitted.result().test());
    try (var predictor = Graft.create().predictor(fitted.bundle().orElseThrow().folder())) {
      System.out.println(predictor.predict(List.of(Path.of(args[3])), 3));
    }
  }
}
