package dev.graft.regularization;

import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.model.Model;
import dev.graft.model.Modules;
import dev.graft.model.OwnLayers;
import dev.graft.model.Parameter;
import dev.graft.plan.Settings;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bi-Tuning at work: projector, slowly moving copy, queues. */
final class BiTuningTerm implements BoundTerm {

  private final Run run;
  private final double temperature;
  private final double momentum;
  private final Linear head;
  private final Linear projector;
  private final OwnLayers own;
  private final Model keyModel;
  private final Linear keyProjector;
  private final KeyQueue features;
  private final KeyQueue projections;

  /** Keys of the micro-batches since the last update. */
  private final List<Keys> pending = new ArrayList<>();

  private record Keys(Tensor features, Tensor projections, long[] labels) {

    void close() {
      features.close();
      projections.close();
    }
  }

  BiTuningTerm(Settings settings, Run run) {
    this.run = run;
    temperature = settings.number("temperature");
    momentum = settings.number("momentum");
    Model model = run.model();
    if (!(Modules.child(model.network(), model.network().headPath()).layer() instanceof Linear h)) {
      throw new IllegalArgumentException(
          "'bi-tuning' needs a linear head; this network's is another");
    }
    head = h;
    long width = model.featureCount();
    long length = settings.integer("projection");
    int classes = run.task().labels().size();
    int queue = settings.integer("queue");
    keyModel = run.copy();
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      projector = new Linear(width, length);
      keyProjector = new Linear(width, length);
      keyProjector.weight().copyInPlace(projector.weight());
      keyProjector.bias().copyInPlace(projector.bias());
      features = new KeyQueue(classes, queue, width + 1);
      projections = new KeyQueue(classes, queue, length);
    }
    own = new OwnLayers("bi-tuning.projector", "", projector);
  }

  @Override
  public Needs needs() {
    return new Needs(List.of(Needs.FEATURES), /* inputs= */ true, /* inputGradient= */ false);
  }

  @Override
  public Tensor loss(Step step) {
    Step.Part part = step.first();
    long examples = part.indices().length / 2;
    Tensor query = part.features().narrow(0, 0, examples);
    Tensor labels = part.targets().get("labels").narrow(0, 0, examples);
    Tensor keyFeatures;
    Tensor keyProjections;
    try (Autograd off = Autograd.off()) {
      Tensor key = keyFeatures(part.inputs(), examples);
      keyFeatures = Contrast.unit(Contrast.withOne(key));
      keyProjections = Contrast.unit(keyProjector.apply(key));
      pending.add(
          new Keys(
              Scope.release(keyFeatures.copy()),
              Scope.release(keyProjections.copy()),
              labels.toLongs()));
    }
    Tensor projected = Contrast.unit(projector.apply(query));
    Tensor ofExamples =
        Contrast.loss(
            projected.mul(keyProjections).sum(true, 1),
            projected.matmul(projections.keys().transpose(0, 1)),
            projections.positives(labels),
            temperature);
    return ofExamples.add(ofClasses(query, labels));
  }

  /** The contrast of features with the head's weights, which are held fixed. */
  private Tensor ofClasses(Tensor query, Tensor labels) {
    Tensor classes =
        Contrast.unit(
            Tensor.cat(List.of(head.weight().detach(), head.bias().detach().unsqueeze(1)), 1));
    Tensor own = classes.indexSelect(0, labels);
    Tensor normal = Contrast.unit(Contrast.withOne(query));
    return Contrast.loss(
        normal.mul(own).sum(true, 1),
        own.matmul(features.keys().transpose(0, 1)),
        features.positives(labels),
        temperature);
  }

  /** What enters the head of the slow copy on the second view; its modes are the model's. */
  private Tensor keyFeatures(NamedTensors inputs, long examples) {
    Map<String, Module> present = run.model().modules();
    keyModel.modules().forEach((path, m) -> m.setTraining(present.get(path).training()));
    Map<String, Tensor> second = new LinkedHashMap<>();
    inputs
        .asMap()
        .forEach((name, tensor) -> second.put(name, tensor.narrow(0, examples, examples)));
    int last = keyModel.groups().size() - 1;
    return Step.Part.pooled(keyModel.forward(NamedTensors.of(second), 0, last).get(Needs.FEATURES));
  }

  @Override
  public void afterUpdate(Step step) {
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Map<String, Parameter> present = run.model().parameters();
      keyModel
          .parameters()
          .forEach((name, key) -> follow(key.tensor(), present.get(name).tensor()));
      follow(keyProjector.weight(), projector.weight());
      follow(keyProjector.bias(), projector.bias());
      for (Keys keys : pending) {
        features.add(keys.features, keys.labels);
        projections.add(keys.projections, keys.labels);
      }
    }
    forget();
  }

  private void follow(Tensor key, Tensor query) {
    key.lerpInPlace(query, 1 - momentum);
  }

  private void forget() {
    pending.forEach(Keys::close);
    pending.clear();
  }

  @Override
  public List<Parameter> parameters() {
    return own.parameters();
  }

  /** Rate of the projector: that of a pretrained backbone, as published. */
  @Override
  public double rate() {
    return 0.1;
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = own.state();
    keyModel.state().forEach((name, tensor) -> state.put("key." + name, tensor));
    state.put("key_projector.weight", keyProjector.weight());
    state.put("key_projector.bias", keyProjector.bias());
    features.state("features", state);
    projections.state("projections", state);
    return state;
  }

  @Override
  public void close() {
    forget();
    own.close();
    keyModel.close();
    keyProjector.close();
    features.close();
    projections.close();
  }
}
