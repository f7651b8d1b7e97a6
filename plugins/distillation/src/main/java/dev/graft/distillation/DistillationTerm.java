package dev.graft.distillation;

import dev.graft.model.OwnLayers;
import dev.graft.model.Parameter;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.plan.TermSpec;
import dev.graft.spi.About;
import dev.graft.spi.BoundTerm;
import dev.graft.spi.Companion;
import dev.graft.spi.Run;
import dev.graft.spi.Step;
import dev.graft.spi.Term;
import dev.graft.tensor.DType;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The term of a distillation method: shows student and teacher the same tensor and hands what both
 * said to the loss. Parts and memory of the loss are kept in snapshots and never exported.
 */
public abstract class DistillationTerm implements Term {

  private final Distillation method;

  /** The term of a method, under its id. */
  protected DistillationTerm(Distillation method) {
    this.method = method;
  }

  @Override
  public final About about() {
    return method.about();
  }

  @Override
  public final List<Setting> settings() {
    return method.termSettings();
  }

  @Override
  public final BoundTerm bind(TermSpec spec, Run run) {
    Settings settings = spec.settings();
    boolean taps = method.looks() != Looks.LOGITS;
    List<String> student = taps ? Taps.split(settings.text(Distillation.STUDENT_TAPS)) : List.of();
    List<String> others = taps ? Taps.split(settings.text(Distillation.TEACHER_TAPS)) : List.of();
    Companion.View view = run.watch(Companion.TEACHER, others);
    Setup setup =
        new Setup(
            run,
            view,
            method.looks(),
            others,
            taps ? shapes(student, run.shapes(student)) : List.of(),
            taps ? shapes(others, view.shapes()) : List.of());
    return new Bound(student, others, view, method.bind(settings, setup));
  }

  private List<long[]> shapes(List<String> taps, Map<String, long[]> shapes) {
    return taps.stream().map(tap -> method.looks().form(shapes.get(tap))).toList();
  }

  private final class Bound implements BoundTerm {

    private final List<String> student;
    private final List<String> teacher;
    private final Companion.View view;
    private final DistillationLoss loss;
    private final List<OwnLayers> parts = new ArrayList<>();

    Bound(List<String> student, List<String> teacher, Companion.View view, DistillationLoss loss) {
      this.student = student;
      this.teacher = teacher;
      this.view = view;
      this.loss = loss;
      loss.parts()
          .forEach((name, part) -> parts.add(new OwnLayers(about().id() + "." + name, "", part)));
    }

    @Override
    public Needs needs() {
      return new Needs(student, /* inputs= */ true, /* inputGradient= */ false);
    }

    @Override
    public void prepare() {
      loss.prepare();
    }

    @Override
    public Tensor loss(Step step) {
      Step.Part part = step.first();
      Companion.Seen seen = view.see(step, 0);
      return loss.of(
          heard(part.outputs().get("logits"), student, part.taps()),
          heard(seen.outputs().get("logits"), teacher, seen.taps()),
          part);
    }

    private Heard heard(Tensor logits, List<String> paths, Map<String, Tensor> taps) {
      return new Heard(
          wide(logits),
          paths.stream().map(path -> wide(method.looks().form(taps.get(path)))).toList());
    }

    @Override
    public List<Parameter> parameters() {
      return parts.stream().flatMap(part -> part.parameters().stream()).toList();
    }

    @Override
    public Map<String, Tensor> state() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      parts.forEach(part -> all.putAll(part.state()));
      all.putAll(loss.memory());
      return all;
    }

    @Override
    public void close() {
      parts.forEach(OwnLayers::close);
      loss.close();
    }
  }

  /** Losses divide and take logarithms: 16 bits are too few. */
  private static Tensor wide(Tensor tensor) {
    return tensor.dtype().bytes() == 2 ? tensor.to(DType.FLOAT32) : tensor;
  }
}
