"""What goes wrong for reasons the user can mend: one or two lines, never a traceback.

PortfolioError
├── ToolMissingError      a program this needs is not on the machine
├── SettingsError         a stage's settings are wrong
├── AccountError          the AWS credentials are missing, or not the stage's
├── ContractError         the function's environment or routes do not fit the backend
├── PackageError          the zip cannot be built, or must not be used
├── CheckError            a check of `portfolio validate` failed
├── LocalStageError       the local stage cannot start or go on
├── StackError            a stack cannot be found, read or changed
├── AdoptionError         what is in AWS already is in the way of a stage
├── LogsError             a stage's logs cannot be read as asked
├── OwnerError            a stage's users cannot be changed as asked
├── SampleError           the sample content cannot be written
└── DiagramError          a diagram cannot be written
"""


class PortfolioError(Exception):
    """Base of every error whose message says what is wrong, where, and what to do."""


class ToolMissingError(PortfolioError):
    """A program this needs is not on the machine."""


class SettingsError(PortfolioError):
    """A stage's settings are wrong."""


class AccountError(PortfolioError):
    """The AWS credentials are missing, or of an account that is not the stage's."""


class ContractError(PortfolioError):
    """The program and the backend do not fit: environment variables or routes."""


class PackageError(PortfolioError):
    """The zip cannot be built, or must not be used."""


class CheckError(PortfolioError):
    """A check of `portfolio validate` failed."""


class LocalStageError(PortfolioError):
    """The local stage cannot start, or cannot go on."""


class StackError(PortfolioError):
    """A stack cannot be found, read or changed."""


class AdoptionError(PortfolioError):
    """What is in AWS already is in the way of a stage, or cannot be read."""


class LogsError(PortfolioError):
    """A stage's logs cannot be read, or not as they were asked for."""


class OwnerError(PortfolioError):
    """A stage's users cannot be changed, or not as asked."""


class SampleError(PortfolioError):
    """The sample content cannot be written."""


class DiagramError(PortfolioError):
    """A diagram cannot be written."""
