package dev.graft.bench.peer;

/** The step of {@link dev.graft.bench.FineTuneStep} in PyTorch. */
public class PythonFineTuneStep extends PythonStep {

  /** With its script. */
  public PythonFineTuneStep() {
    super("step.py");
  }
}
