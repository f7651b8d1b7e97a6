package dev.graft.testkit.tiny;

import dev.graft.layers.Linear;
import dev.graft.model.Model;
import dev.graft.task.Task;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.RandomState;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.train.BaseModel;

/**
 * A network that knows the classes without having been trained: its head tells which class has the
 * nearest mean of features on the training part. For a number to predict its head is random.
 *
 * @param base network below the head, and the data
 * @param task what it is to know
 */
record TinyTeacher(TinyBase base, Task task) implements BaseModel {

  /** Logits per unit of squared distance, divided by the mean squared size of a feature row. */
  private static final double SHARPNESS = 40;

  @Override
  public Model pretrained() {
    Model model = base.pretrained();
    HostTensor random = RandomState.save();
    Linear head = new Linear(model.featureCount(), Math.max(1, task.labels().size()));
    RandomState.restore(random);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      if (!task.labels().isEmpty()) {
        fit(head, features(model));
      }
    }
    model.replaceHead(head);
    return model;
  }

  private Tensor features(Model model) {
    int head = model.groups().size() - 1;
    return model.forward(base.preprocessing().collate(base.examples()), 0, head).get("features");
  }

  /** Logit of class k: s · (f · m − |m|² / 2), which orders classes by distance to their mean. */
  private void fit(Linear head, Tensor features) {
    double scale = SHARPNESS / features.pow(2).sum(false, 1).mean().item();
    Tensor sums = Tensor.zeros(head.weight().shape());
    double[] counts = new double[task.labels().size()];
    for (int i = 0; i < base.data().size(); i++) {
      int label = (int) base.data().target(i);
      sums.select(0, label).addInPlace(features.select(0, i), 1);
      counts[label]++;
    }
    for (int k = 0; k < counts.length; k++) {
      sums.select(0, k).mulInPlace(1 / counts[k]);
    }
    head.weight().copyInPlace(sums.mul(scale));
    head.bias().copyInPlace(sums.pow(2).sum(false, 1).mul(-0.5 * scale));
  }

  @Override
  public Model random() {
    return base.random();
  }
}
