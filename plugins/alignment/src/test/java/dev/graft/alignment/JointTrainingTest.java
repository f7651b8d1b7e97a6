package dev.graft.alignment;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;
import dev.graft.testkit.tiny.TinyTransfer;

class JointTrainingTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new JointTraining();
  }

  @Override
  protected TinyTransfer transfer() {
    TinyTransfer usual = TinyTransfer.pictures();
    return usual.with("source", usual.data().validation());
  }
}
