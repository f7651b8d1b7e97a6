package dev.graft.bench;

import java.util.List;

/**
 * One way of doing some work beside another.
 *
 * @param of benchmark whose time is divided
 * @param to benchmark it is divided by
 * @param target what the ratio should be
 */
record Ratio(String of, String to, String target) {

  static final List<Ratio> ALL =
      List.of(
          new Ratio("FineTuneStep.graft", "DjlFineTuneStep.djl", "<= 0.8"),
          new Ratio("FineTuneStep.graft", "PythonFineTuneStep.python", "<= 1.1, with MKL <= 1.0"),
          new Ratio("UpdateStep.graft", "FrontEndUpdateStep.frontEnd", "<= 0.5"),
          new Ratio("AdapterStep.lora", "AdapterStep.full", "<= 0.72"),
          new Ratio("EncoderStep.lora", "EncoderStep.full", "<= 0.76"),
          new Ratio("EncoderStep.loraOnTop", "EncoderStep.full", "<= 0.48"),
          new Ratio("EncoderStep.head", "EncoderStep.full", "<= 0.36"),
          new Ratio("EncoderStep.full", "PythonEncoderStep.python", "<= 1.1, with MKL <= 1.0"),
          new Ratio("HeadTraining.uncached", "HeadTraining.cached", ">= 8"),
          new Ratio("MixedAdapters.apart", "MixedAdapters.together", ">= 2.5"),
          new Ratio("MixedAdapters.apart", "MixedAdapters.apartPlain", "<= 1.15"),
          new Ratio("PythonServer.eight", "ServerThroughput.graft", ">= 1.5"),
          new Ratio("Generation.uncached", "Generation.cached", "reported"),
          new Ratio("DjlHeadTraining.djl", "HeadTraining.cached", "reported"));
}
