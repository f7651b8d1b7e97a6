package dev.graft.server;

import dev.graft.data.Splitter;
import dev.graft.report.EpochRecord;
import dev.graft.server.jobs.EventTail;
import dev.graft.server.jobs.Job;
import dev.graft.server.jobs.JobSpec;
import dev.graft.server.jobs.RankedBase;
import dev.graft.server.protocol.transfer.EpochEnded;
import dev.graft.server.protocol.transfer.FeaturesCached;
import dev.graft.server.protocol.transfer.Note;
import dev.graft.server.protocol.transfer.PhaseStarted;
import dev.graft.server.protocol.transfer.Progress;
import dev.graft.server.protocol.transfer.RankRequest;
import dev.graft.server.protocol.transfer.RunEnded;
import dev.graft.server.protocol.transfer.RunStarted;
import dev.graft.server.protocol.transfer.SnapshotSaved;
import dev.graft.server.protocol.transfer.Transfer;
import dev.graft.server.protocol.transfer.WatchResponse;
import dev.graft.server.registry.Promotion;
import dev.graft.train.TrainEvent;
import java.util.Map;
import java.util.TreeMap;

/** Jobs and events as the messages of {@code graft.v1} have them. */
final class TransferForm {

  private static final String DEFAULT_METHOD = "linear-probe";

  private TransferForm() {}

  // ---- what clients ask for ----

  static JobSpec spec(Transfer asked, int snapshotUpdates) {
    Map<String, String> others = new TreeMap<>();
    put(others, JobSpec.TEACHER, asked.getTeacher());
    put(others, JobSpec.UNLABELLED, asked.getUnlabelled());
    put(others, JobSpec.SOURCE, asked.getSource());
    put(others, JobSpec.TEST, asked.getTest());
    return new JobSpec(
        asked.getBase(),
        asked.getData(),
        asked.getMethods().isEmpty() ? DEFAULT_METHOD : asked.getMethods(),
        asked.getSeed(),
        asked.getPerClass(),
        asked.hasValidationShare() ? asked.getValidationShare() : Splitter.VALIDATION_SHARE,
        asked.getInputSize(),
        snapshotUpdates,
        others);
  }

  private static void put(Map<String, String> others, String use, String name) {
    if (!name.isEmpty()) {
      others.put(use, name);
    }
  }

  static JobSpec spec(RankRequest asked) {
    return new JobSpec(
        "",
        asked.getData(),
        "",
        asked.getSeed(),
        asked.getPerClass(),
        Splitter.VALIDATION_SHARE,
        asked.getInputSize(),
        /* snapshotUpdates= */ 0,
        Map.of());
  }

  // ---- what they are told ----

  static dev.graft.server.protocol.transfer.Job job(Job job) {
    return dev.graft.server.protocol.transfer.Job.newBuilder()
        .setId(job.id())
        .setState(dev.graft.server.protocol.transfer.Job.State.valueOf(job.status().state().name()))
        .setTransfer(transfer(job.spec()))
        .setMessage(job.status().message())
        .setCreatedMs(job.created())
        .setChangedMs(job.status().changed())
        .build();
  }

  private static Transfer transfer(JobSpec spec) {
    return Transfer.newBuilder()
        .setBase(spec.base())
        .setData(spec.data())
        .setMethods(spec.methods())
        .setSeed(spec.seed())
        .setPerClass(spec.perClass())
        .setValidationShare(spec.validationShare())
        .setInputSize(spec.inputSize())
        .setTeacher(spec.others().getOrDefault(JobSpec.TEACHER, ""))
        .setUnlabelled(spec.others().getOrDefault(JobSpec.UNLABELLED, ""))
        .setSource(spec.others().getOrDefault(JobSpec.SOURCE, ""))
        .setTest(spec.others().getOrDefault(JobSpec.TEST, ""))
        .build();
  }

  static dev.graft.server.protocol.transfer.RankedBase ranked(RankedBase ranked) {
    return dev.graft.server.protocol.transfer.RankedBase.newBuilder()
        .setBase(ranked.base())
        .setMetric(ranked.figure().map(figure -> figure.id()).orElse(""))
        .setValue(ranked.value())
        .setProblem(ranked.problem())
        .build();
  }

  static dev.graft.server.protocol.transfer.Promotion promotion(Promotion promotion) {
    return dev.graft.server.protocol.transfer.Promotion.newBuilder()
        .setModel(promotion.model())
        .setVersion(promotion.version())
        .setPreviousVersion(promotion.previous())
        .setDigest(promotion.digest())
        .build();
  }

  static WatchResponse event(EventTail.Numbered numbered) {
    WatchResponse.Builder response = WatchResponse.newBuilder().setNumber(numbered.number());
    TrainEvent event = numbered.event();
    if (event instanceof TrainEvent.RunStarted e) {
      response.setRunStarted(
          RunStarted.newBuilder()
              .setResumedAt(e.resumedAt())
              .putAllConfiguration(e.configuration()));
    } else if (event instanceof TrainEvent.PhaseStarted e) {
      response.setPhaseStarted(phase(e));
    } else if (event instanceof TrainEvent.FeaturesCached e) {
      response.setFeaturesCached(features(e));
    } else if (event instanceof TrainEvent.Progress e) {
      response.setProgress(progress(e));
    } else if (event instanceof TrainEvent.EpochEnded e) {
      response.setEpochEnded(epoch(e.epoch()));
    } else if (event instanceof TrainEvent.SnapshotSaved e) {
      response.setSnapshotSaved(
          SnapshotSaved.newBuilder().setFolder(e.folder()).setUpdates(e.updates()));
    } else if (event instanceof TrainEvent.Note e) {
      response.setNote(Note.newBuilder().setText(e.text()));
    } else if (event instanceof TrainEvent.RunEnded e) {
      response.setRunEnded(
          RunEnded.newBuilder().setCompleted(e.completed()).setUpdates(e.updates()));
    }
    return response.build();
  }

  private static PhaseStarted phase(TrainEvent.PhaseStarted event) {
    return PhaseStarted.newBuilder()
        .setName(event.name())
        .setNumber(event.number())
        .setOf(event.of())
        .setUpdates(event.updates())
        .setTrainable(event.trainable())
        .setFrozenGroups(event.frozenGroups())
        .build();
  }

  private static FeaturesCached features(TrainEvent.FeaturesCached event) {
    return FeaturesCached.newBuilder()
        .setData(event.data())
        .setExamples(event.examples())
        .setBytes(event.bytes())
        .setReused(event.reused())
        .setPrecision(event.precision())
        .setRelativeError(event.relativeError())
        .build();
  }

  private static Progress progress(TrainEvent.Progress event) {
    return Progress.newBuilder()
        .setPhase(event.phase())
        .setUpdate(event.update())
        .setOf(event.of())
        .setLoss(event.loss())
        .setGradientNorm(event.gradientNorm())
        .setExamplesPerSecond(event.examplesPerSecond())
        .build();
  }

  private static EpochEnded epoch(EpochRecord epoch) {
    return EpochEnded.newBuilder()
        .setPhase(epoch.phase())
        .setEpoch(epoch.epoch())
        .setUpdates(epoch.updates())
        .setTrainingLoss(epoch.trainingLoss())
        .putAllValidation(epoch.validation())
        .setLearningRate(epoch.learningRate())
        .setSeconds(epoch.seconds())
        .build();
  }
}
