package dev.graft.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.graft.layers.Activation;
import dev.graft.layers.BatchNorm2d;
import dev.graft.layers.Conv2d;
import dev.graft.layers.Layer;
import dev.graft.layers.Sequential;
import dev.graft.tensor.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkTest {

  @Test
  void aNormalisationDirectlyAfterAConvolutionIsFoldable() {
    try (Scope scope = Scope.open();
        Network network = new Stub(conv(3, 4), norm(4), relu(), conv(4, 5), norm(5))) {
      assertEquals(Map.of("0", "1", "3", "4"), network.normalisedConvolutions());
    }
  }

  @Test
  void aNormalisationElsewhereIsNot() {
    try (Scope scope = Scope.open();
        Network network = new Stub(norm(3), conv(3, 4), relu(), norm(4), conv(4, 5), norm(4))) {
      assertEquals(Map.of(), network.normalisedConvolutions());
    }
  }

  @Test
  void pairsAreFoundBelowChildren() {
    try (Scope scope = Scope.open();
        Network network = new Stub(new Sequential(conv(3, 4), norm(4)), norm(4))) {
      assertEquals(Map.of("0.0", "0.1"), network.normalisedConvolutions());
    }
  }

  private static Layer conv(long in, long out) {
    return new Conv2d(Conv2d.Spec.of(in, out, 1));
  }

  private static Layer norm(long channels) {
    return new BatchNorm2d(channels);
  }

  private static Layer relu() {
    return new Activation(Activation.Function.RELU);
  }

  private static final class Stub extends Network {

    Stub(Layer... layers) {
      for (Layer layer : layers) {
        child(String.valueOf(children().size()), layer);
      }
    }

    @Override
    public List<Group> groups() {
      return List.of();
    }

    @Override
    public String headPath() {
      return "0";
    }

    @Override
    public long featureCount() {
      return 1;
    }
  }
}
