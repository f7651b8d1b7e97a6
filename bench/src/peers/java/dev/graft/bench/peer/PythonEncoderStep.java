package dev.graft.bench.peer;

/** The step of everything of {@link dev.graft.bench.EncoderStep} in PyTorch. */
public class PythonEncoderStep extends PythonStep {

  /** With its script. */
  public PythonEncoderStep() {
    super("encoder.py");
  }
}
