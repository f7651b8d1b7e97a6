package dev.graft.regularization;

import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.model.OwnLayers;
import dev.graft.model.Parameter;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * The head that the base was pretrained with, on the features of the model that trains: a copy that
 * trains along, beside the pretrained model itself, which does not.
 */
final class SourceHead implements AutoCloseable {

  /** Rate of the copy over that of the new head: it is pretrained, as the backbone is. */
  static final double RATE = 0.1;

  private final Model source;
  private final Linear head;
  private final OwnLayers own;

  /** Copies the head of the run's source model; the name is the term's. */
  SourceHead(String name, Run run) {
    source = run.source();
    String path = source.network().headPath();
    Layer pretrained = Modules.child(source.network(), path).layer();
    if (!(pretrained instanceof Linear linear) || linear.bias() == null) {
      throw new IllegalArgumentException(
          "'%s' needs a base whose head is linear with a bias; '%s' of this one is a %s"
              .formatted(name, path, pretrained.getClass().getSimpleName()));
    }
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      head = new Linear(linear.weight().size(1), linear.weight().size(0));
      head.weight().copyInPlace(linear.weight());
      head.bias().copyInPlace(linear.bias());
    }
    own = new OwnLayers(name + ".source_head", "", head);
  }

  /** Logits (N, source classes) of the copy on the model's present features. */
  Tensor logits(Step.Part part) {
    return head.apply(part.features());
  }

  /** Logits (N, source classes) of the pretrained model, without gradients. */
  Tensor pretrained(Step.Part part) {
    try (Autograd off = Autograd.off()) {
      NamedTensors outputs = source.forward(part.inputs());
      return outputs.get("logits").detach();
    }
  }

  List<Parameter> parameters() {
    return own.parameters();
  }

  Map<String, Tensor> state() {
    return own.state();
  }

  @Override
  public void close() {
    own.close();
  }
}
