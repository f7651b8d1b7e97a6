package dev.graft.bench.peer;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.bundle.Bundle;
import dev.graft.registry.Registry;
import dev.graft.tensor.Runtime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Trains as {@code graft fit} does, in a process of its own and on one thread. */
public final class FitProcess {

  private FitProcess() {}

  /** What runs it, with this process' classes. */
  static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-cp",
        System.getProperty("java.class.path"),
        FitProcess.class.getName());
  }

  /** The arguments of a job: {@code fit --base=DIR --data=DIR --method=ID --out=DIR} and others. */
  public static void main(String[] args) throws IOException {
    Runtime.setThreads(1);
    Fitted fitted =
        Graft.with(Registry.load(FitProcess.class.getClassLoader()))
            .transfer(Path.of(value(args, "--base")), Path.of(value(args, "--data")))
            .method(value(args, "--method"))
            .fit(Path.of(value(args, "--out")));
    Bundle bundle = fitted.bundle().orElseThrow();
    System.out.println(bundle.folder());
  }

  private static String value(String[] args, String option) {
    return Arrays.stream(args)
        .filter(arg -> arg.startsWith(option + "="))
        .map(arg -> arg.substring(option.length() + 1))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no %s=VALUE among %s".formatted(option, List.of(args))));
  }
}
