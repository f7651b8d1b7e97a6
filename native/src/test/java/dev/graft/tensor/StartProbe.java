package dev.graft.tensor;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A program for {@link RuntimeTest}: starts from many threads at once, says what came of it, does
 * one optimiser step.
 */
final class StartProbe {

  private StartProbe() {}

  public static void main(String[] args) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    Callable<Runtime.Configuration> start = Runtime::start;
    try {
      Set<Runtime.Configuration> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Future<Runtime.Configuration> started : pool.invokeAll(Collections.nCopies(4, start))) {
        seen.add(started.get());
      }
      System.out.println("STARTS " + seen.size());
    } catch (ExecutionException e) {
      System.out.println("REFUSED " + e.getCause().getMessage());
      return;
    } finally {
      pool.shutdown();
    }
    System.out.println("CONFIGURATION " + Runtime.configuration());
    System.out.println("LIMIT " + NativeMemory.limit());
    try (Scope scope = Scope.open();
        Denormals flush = Denormals.flushed()) {
      Tensor part = Tensor.zeros(2, 1000).narrow(0, 1, 1);
      System.out.println("LIVE " + NativeMemory.usage().live() + " of " + part);
      System.out.println("FLUSHED " + Tensor.scalar(1e-30).mul(1e-10).item());
    }
    UpdateRule rule = new UpdateRule.Sgd(0, 0, false, false);
    try (Scope scope = Scope.open()) {
      Tensor p = Tensor.ones(2);
      p.setGrad(Tensor.ones(2));
      OptimizerStep.Entry entry = new OptimizerStep.Entry(p, List.of(), 1, 1, 0);
      System.out.println("STEP " + OptimizerStep.apply(rule, List.of(entry), 9));
    }
  }
}
