package dev.graft.tabular;

import dev.graft.layers.Child;
import dev.graft.layers.Dropout;
import dev.graft.layers.Layer;
import dev.graft.layers.Linear;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;

/**
 * {@code x + drop(linear2(drop(relu(linear1(norm(x))))))}: (N, D) to (N, D). The block of Gorishniy
 * et al. 2021, "Revisiting Deep Learning Models for Tabular Data".
 */
final class ResidualBlock extends Layer {

  private final Child norm;
  private final Child linear1;
  private final Child linear2;
  private final Child dropout;

  ResidualBlock(TableMlp.Shape shape) {
    norm = child("norm", shape.norm());
    linear1 = child("linear1", new Linear(shape.width(), 2L * shape.width()));
    linear2 = child("linear2", new Linear(2L * shape.width(), shape.width()));
    dropout = child("dropout", new Dropout(shape.dropout()));
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor inner = dropout.apply(Nn.relu(linear1.apply(norm.apply(x))));
    return x.add(dropout.apply(linear2.apply(inner)));
  }
}
