package dev.graft.multitask;

import dev.graft.data.Dataset;
import dev.graft.data.LabelTable;
import dev.graft.data.Split;
import dev.graft.testkit.tiny.TinyImages;
import dev.graft.testkit.tiny.TinyTransfer;
import java.util.Map;

/**
 * The tiny pictures with two more tasks: {@code coarse}, another label of the same pictures, and
 * {@code others}, on pictures of its own.
 */
final class TwoMore {

  private TwoMore() {}

  static final LabelTable COARSE =
      new LabelTable(true, Map.of("left", "half", "top", "half", "striped", "whole"));

  static TinyTransfer pictures() {
    TinyTransfer usual = TinyTransfer.pictures();
    return usual.withTask("coarse", coarse(usual.data())).withTask("others", own());
  }

  static Split coarse(Split data) {
    return new Split(
        COARSE.applyTo(data.training()),
        COARSE.applyTo(data.validation()),
        COARSE.applyTo(data.test()));
  }

  private static Split own() {
    Dataset training = new TinyImages(40, 21);
    return new Split(training, new TinyImages(24, 22), new TinyImages(24, 23));
  }
}
