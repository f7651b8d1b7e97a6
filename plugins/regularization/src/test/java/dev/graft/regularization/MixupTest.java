package dev.graft.regularization;

import dev.graft.spi.TransferMethod;
import dev.graft.testkit.contract.TransferMethodContract;

class MixupTest extends TransferMethodContract {

  @Override
  protected TransferMethod method() {
    return new Mixup();
  }
}
